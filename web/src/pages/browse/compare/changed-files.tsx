/** Which files two images have in different, part by part. */
import {Badge, Button, Group, Skeleton, Stack, Table, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import {client, read} from '../../../api/client.ts';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {askAgain, isReading} from '../files/reading.ts';
import {ReadingProgress} from '../files/reading-progress.tsx';
import {repositoryId, repositoryKey} from '../repository/repository-query.ts';
import type {ChangedFile} from '../types.ts';

interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly platform?: string;
}

export function ChangedFiles(props: {readonly repository: string; readonly query: Wanted}) {
  return (
    <Section title={t('browse.files.title')}>
      <Changes {...props} />
    </Section>
  );
}

function Changes({repository, query}: {readonly repository: string; readonly query: Wanted}) {
  const {data, error, hasNextPage, fetchNextPage, isFetchingNextPage} = useInfiniteQuery({
    queryKey: repositoryKey(repository, 'compare', query, 'files'),
    queryFn: async ({signal, pageParam: after}) =>
      read(
        client.GET('/repositories/{id}/compare/files', {
          signal,
          params: {
            path: {id: repositoryId(repository)},
            query: {...query, ...(after !== '' && {after})},
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => (isReading(page) ? undefined : (page.next ?? undefined)),
    refetchInterval: ({state}) => askAgain(state.data?.pages),
  });
  const [first] = data?.pages ?? [];
  if (error && !first) return <ProblemAlert error={error} title={t('browse.files.refused')} />;
  if (!first) return <Skeleton h={160} role="status" aria-label={t('shell.loading')} />;
  if (isReading(first)) return <ReadingProgress reading={first} />;
  const files = (data?.pages ?? []).flatMap((page) => (isReading(page) ? [] : page.files));
  return (
    <Stack gap="sm">
      {error && <ProblemAlert error={error} />}
      <Text size="sm" role="status">
        {t('browse.compare.sum', {
          added: formatCount(first.added),
          removed: formatCount(first.removed),
          changed: formatCount(first.changed),
          more: formatBytes(first.added_bytes),
          less: formatBytes(first.removed_bytes),
        })}
      </Text>
      {files.length > 0 && (
        <Table.ScrollContainer minWidth={560} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
          <Table aria-label={t('browse.compare.changedFiles')} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('browse.compare.file')}</Table.Th>
                <Table.Th>{t('browse.compare.change')}</Table.Th>
                <Table.Th ta="right">{t('browse.compare.from')}</Table.Th>
                <Table.Th ta="right">{t('browse.compare.to')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {files.map((file) => (
                <Row key={file.path} file={file} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('browse.more')}
        </Button>
      )}
    </Stack>
  );
}

function Row({file: {path, change, differs, from, to}}: {readonly file: ChangedFile}) {
  const size = (side: ChangedFile['from']): string => (side ? formatBytes(side.size) : '');
  return (
    <Table.Tr>
      <Table.Td className="wraps" miw={200}>
        {path}
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <Badge variant="default" tt="none">
            {t(`browse.compare.changes.${change}`)}
          </Badge>
          {differs.length > 0 && (
            <Text size="xs" c="dimmed">
              {differs.join(', ')}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td ta="right">{size(from)}</Table.Td>
      <Table.Td ta="right">{size(to)}</Table.Td>
    </Table.Tr>
  );
}
