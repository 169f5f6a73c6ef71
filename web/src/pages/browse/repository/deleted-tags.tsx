/** Tags that were deleted, and the way back. */
import {Button, Skeleton, Stack, Table, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import {client, read} from '../../../api/client.ts';
import {Age} from '../../../parts/age.tsx';
import {Digest} from '../../../parts/digest.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {t} from '../../../texts/texts.ts';
import {PutBack} from '../put-back.tsx';
import type {WholeRepository} from '../types.ts';
import {repositoryId, repositoryKey} from './repository-query.ts';

const atOnce = 50;

export function DeletedTags({
  repository: {full_name: name, may_push: mayPush},
}: {
  readonly repository: WholeRepository;
}) {
  const {data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage} = useInfiniteQuery(
    {
      queryKey: repositoryKey(name, 'deleted-tags'),
      queryFn: async ({signal, pageParam: after}) =>
        read(
          client.GET('/repositories/{id}/deleted-tags', {
            signal,
            params: {
              path: {id: repositoryId(name)},
              query: {limit: atOnce, ...(after !== '' && {after})},
            },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => (page.length < atOnce ? undefined : page.at(-1)?.name),
    },
  );
  if (isPending) return <Skeleton h={120} role="status" aria-label={t('shell.loading')} />;
  if (!data) return <ProblemAlert error={error} />;
  const tags = data.pages.flat();
  if (tags.length === 0) return <Empty text={t('browse.deletedTags.none')} />;
  return (
    <Stack gap="sm">
      {error && <ProblemAlert error={error} />}
      <Table.ScrollContainer minWidth={480} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
        <Table aria-label={t('browse.repository.tabs.deleted')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('browse.deletedTags.name')}</Table.Th>
              <Table.Th>{t('browse.deletedTags.digest')}</Table.Th>
              <Table.Th>{t('browse.deletedTags.at')}</Table.Th>
              <Table.Th>{t('browse.putBack.title')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tags.map((tag) => (
              <Table.Tr key={tag.name}>
                <Table.Td className="wraps" miw={140}>
                  {tag.name}
                </Table.Td>
                <Table.Td>{tag.digest !== null && <Digest value={tag.digest} />}</Table.Td>
                <Table.Td>
                  <Age at={tag.deleted_at} />
                  {tag.author !== null && (
                    <Text size="xs" c="dimmed" className="wraps">
                      {t('browse.tags.by', {name: tag.author})}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <PutBack
                    repository={name}
                    tag={tag.name}
                    digest={tag.digest}
                    canRestore={tag.can_restore}
                    mayPush={mayPush}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          style={{alignSelf: 'center'}}
        >
          {t('browse.more')}
        </Button>
      )}
    </Stack>
  );
}
