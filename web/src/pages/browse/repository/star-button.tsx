import {Button} from '@mantine/core';
import {IconStar, IconStarFilled} from '../../../parts/icons.tsx';
import {client, read} from '../../../api/client.ts';
import {formatCount} from '../../../parts/numbers.ts';
import {useChange} from '../../../parts/use-change.ts';
import {useSession} from '../../../session/use-session.ts';
import {t} from '../../../texts/texts.ts';
import type {WholeRepository} from '../types.ts';
import {repositoryId, repositoryKey} from './repository-query.ts';

export function StarButton({
  repository: {full_name: name, stars, starred},
}: {
  readonly repository: WholeRepository;
}) {
  const {user, authMode} = useSession();
  const params = {path: {id: repositoryId(name)}};
  const {start, isPending} = useChange({
    change: async (isWanted: boolean) =>
      read(
        isWanted
          ? client.PUT('/repositories/{id}/star', {params})
          : client.DELETE('/repositories/{id}/star', {params}),
      ),
    changes: [repositoryKey(name, 'show'), ['content', 'list']],
    tellsProblem: true,
  });
  if (authMode === 'none') return null;
  const Icon = starred ? IconStarFilled : IconStar;
  const shown = formatCount(stars);
  return (
    <Button
      variant="default"
      leftSection={<Icon size={16} />}
      aria-label={t('browse.repository.star', {count: stars, shown})}
      aria-pressed={starred}
      disabled={!user}
      loading={isPending}
      onClick={() => {
        start(!starred);
      }}
    >
      {shown}
    </Button>
  );
}
