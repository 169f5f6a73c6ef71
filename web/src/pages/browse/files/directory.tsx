/** One directory, part by part. */
import {Button, Skeleton, Stack, Table, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import {client, read} from '../../../api/client.ts';
import {Empty} from '../../../parts/empty.tsx';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {t} from '../../../texts/texts.ts';
import {repositoryId} from '../repository/repository-query.ts';
import {FileRow} from './file-row.tsx';
import {askAgain, isReading} from './reading.ts';
import {ReadingProgress} from './reading-progress.tsx';
import {useFilesPlace} from './use-files-place.ts';

export function Directory({
  repository,
  digest,
  layers,
}: {
  readonly repository: string;
  readonly digest: string;
  /** Digests, from the lowest. */
  readonly layers: readonly string[];
}) {
  const {path, layer, sort} = useFilesPlace();
  const {data, error, hasNextPage, fetchNextPage, isFetchingNextPage} = useInfiniteQuery({
    // What has that digest never changes: no event asks for it again.
    queryKey: ['files', repository, digest, layer, path, sort],
    queryFn: async ({signal, pageParam: after}) =>
      read(
        client.GET('/repositories/{id}/manifests/{digest}/files', {
          signal,
          params: {
            path: {id: repositoryId(repository), digest},
            query: {
              path,
              sort,
              ...(layer !== undefined && {layer}),
              ...(after !== '' && {after}),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => (isReading(page) ? undefined : (page.next ?? undefined)),
    refetchInterval: (query) => askAgain(query.state.data?.pages),
  });
  if (error && !data) return <ProblemAlert error={error} title={t('browse.files.refused')} />;
  const [first] = data?.pages ?? [];
  if (!first) return <Skeleton h={240} role="status" aria-label={t('shell.loading')} />;
  if (isReading(first)) return <ReadingProgress reading={first} />;
  const entries = (data?.pages ?? []).flatMap((page) => (isReading(page) ? [] : page.entries));
  if (entries.length === 0) return <Empty text={t('browse.files.none')} />;
  const headings = [
    t('browse.files.name'),
    t('browse.files.size'),
    t('browse.files.mode'),
    t('browse.files.owner'),
    t('browse.files.modified'),
    layer === undefined ? t('browse.files.layer') : t('browse.files.change'),
  ];
  return (
    <Stack gap="sm">
      {error && <ProblemAlert error={error} />}
      <Table.ScrollContainer minWidth={720} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
        <Table aria-label={t('browse.files.inside', {path})} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {headings.map((heading, index) => (
                <Table.Th key={heading} ta={index === 1 ? 'right' : 'left'}>
                  {heading}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <FileRow key={entry.name} entry={entry} layers={layers} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed">
        {t('browse.files.total', {
          count: first.total,
          shown: formatCount(first.total),
          files: formatCount(first.files),
          size: formatBytes(first.bytes),
        })}
      </Text>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('browse.more')}
        </Button>
      )}
    </Stack>
  );
}
