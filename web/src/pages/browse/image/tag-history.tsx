/** What a tag pointed at, the newest first, and the way back. */
import {Anchor, Badge, Button, Skeleton, Stack, Table, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {client, read} from '../../../api/client.ts';
import {Age} from '../../../parts/age.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import {PutBack} from '../put-back.tsx';
import {repositoryId, repositoryKey} from '../repository/repository-query.ts';

const atOnce = 50;

export function TagHistory({
  repository,
  tag,
  digest: present,
  mayPush,
}: {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly mayPush: boolean;
}) {
  const {data, error, hasNextPage, fetchNextPage, isFetchingNextPage} = useInfiniteQuery({
    queryKey: repositoryKey(repository, 'tag', tag, 'history'),
    queryFn: async ({signal, pageParam: before}) =>
      read(
        client.GET('/repositories/{id}/tags/{tag_id}/history', {
          signal,
          params: {
            path: {id: repositoryId(repository), tag_id: tag},
            query: {limit: atOnce, ...(before !== '' && {before})},
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => (page.length < atOnce ? undefined : page.at(-1)?.at),
  });
  if (!data) {
    if (error) return <ProblemAlert error={error} />;
    return <Skeleton h={160} role="status" aria-label={t('shell.loading')} />;
  }
  return (
    <Stack gap="sm">
      {error && <ProblemAlert error={error} />}
      <Table.ScrollContainer minWidth={480} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
        <Table aria-label={t('browse.manifest.tabs.history')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('browse.history.when')}</Table.Th>
              <Table.Th>{t('browse.history.digest')}</Table.Th>
              <Table.Th>{t('browse.history.who')}</Table.Th>
              <Table.Th>{t('browse.putBack.title')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.pages.flat().map(({at, digest, author, can_restore: canRestore}) => (
              <Table.Tr key={`${at} ${digest ?? ''}`}>
                <Table.Td>
                  <Age at={at} />
                </Table.Td>
                <Table.Td>
                  {digest === null ? (
                    t('browse.history.deleted')
                  ) : canRestore ? (
                    <Anchor component={Link} to={addresses.manifest(repository, digest)} size="sm">
                      {shortDigest(digest)}
                    </Anchor>
                  ) : (
                    <Text size="sm">{shortDigest(digest)}</Text>
                  )}
                </Table.Td>
                <Table.Td className="wraps">{author}</Table.Td>
                <Table.Td>
                  {digest === present ? (
                    <Badge variant="default" tt="none">
                      {t('browse.history.now')}
                    </Badge>
                  ) : (
                    <PutBack
                      repository={repository}
                      tag={tag}
                      digest={digest}
                      canRestore={canRestore}
                      mayPush={mayPush}
                    />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('browse.more')}
        </Button>
      )}
    </Stack>
  );
}
