/** Puts a tag back to what it pointed at, where that is still there. */
import {Button, Text} from '@mantine/core';
import {IconArrowBackUp} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {repositoryId, repositoryKey} from './repository/repository-query.ts';

export function PutBack({
  repository,
  tag,
  digest,
  canRestore,
  mayPush,
}: {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string | null;
  readonly canRestore: boolean;
  readonly mayPush: boolean;
}) {
  const {start, isPending} = useChange({
    change: async (to: string) =>
      read(
        client.POST('/repositories/{id}/tags/{tag_id}/restore', {
          params: {path: {id: repositoryId(repository), tag_id: tag}},
          body: {digest: to},
        }),
      ),
    changes: [repositoryKey(repository), ['content', 'list']],
    done: () => t('browse.putBack.done', {tag}),
    tellsProblem: true,
  });
  if (digest === null) return null;
  if (!canRestore) {
    return (
      <Text size="xs" c="dimmed">
        {t('browse.putBack.gone')}
      </Text>
    );
  }
  if (!mayPush) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={isPending}
      leftSection={<IconArrowBackUp size={14} />}
      aria-label={t('browse.putBack.label', {tag})}
      onClick={() => {
        start(digest);
      }}
    >
      {t('browse.putBack.title')}
    </Button>
  );
}
