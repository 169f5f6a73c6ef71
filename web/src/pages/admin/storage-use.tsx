/** How much is stored, and by which namespaces. */
import {BarChart} from '@mantine/charts';
import '@mantine/charts/styles.css';
import {Progress, Stack, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../api/client.ts';
import type {Storage} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Loading} from '../../parts/loading.tsx';
import {formatBytes, formatCount} from '../../parts/numbers.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {NamespaceLink} from '../../parts/namespace-link.tsx';
import {t} from '../../texts/texts.ts';
import {nodeQuery} from './node-query.ts';

const mostDrawn = 8;
const mostListed = 25;
/** Of the file system, in percent, that is much. */
const nearlyFull = 90;

export function StorageUse() {
  const {data, error} = useQuery({
    queryKey: ['statistics', 'storage'],
    queryFn: async ({signal}) => read(client.GET('/statistics/storage', {signal})),
  });
  return (
    <Section title={t('admin.storage.title')}>
      <Space />
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data?.namespaces.length === 0 && <Empty text={t('admin.storage.none')} />}
      {data && data.namespaces.length > 0 && <ByNamespace storage={data} />}
    </Section>
  );
}

function ByNamespace({storage}: {readonly storage: Storage}) {
  const drawn = storage.namespaces.slice(0, mostDrawn).map(({name, bytes}) => ({
    name: name === '' ? '/' : name,
    bytes,
  }));
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('admin.storage.counted')} <Age at={storage.as_of} />
      </Text>
      {/* The table has the same numbers. */}
      <div aria-hidden>
        <BarChart
          h={40 + drawn.length * 36}
          data={drawn}
          dataKey="name"
          orientation="vertical"
          series={[{name: 'bytes', label: t('admin.storage.bytes'), color: 'blue.7'}]}
          valueFormatter={formatBytes}
          yAxisProps={{width: 110}}
          barProps={{isAnimationActive: false}}
          withTooltip={false}
          barChartProps={{accessibilityLayer: false}}
          tickLine="none"
        />
      </div>
      <Table.ScrollContainer minWidth={400} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
        <Table aria-label={t('admin.storage.title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('admin.storage.namespace')}</Table.Th>
              <Table.Th ta="right">{t('admin.storage.repositories')}</Table.Th>
              <Table.Th ta="right">{t('admin.storage.bytes')}</Table.Th>
              <Table.Th ta="right">{t('admin.storage.exclusive')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {storage.namespaces.slice(0, mostListed).map((each) => (
              <Table.Tr key={each.name}>
                <Table.Td>
                  <NamespaceLink name={each.name} />
                </Table.Td>
                <Table.Td ta="right">{formatCount(each.repositories)}</Table.Td>
                <Table.Td ta="right">{formatBytes(each.bytes)}</Table.Td>
                <Table.Td ta="right">
                  {each.exclusive_bytes !== null && formatBytes(each.exclusive_bytes)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

/** Of the file system that it lies on, where the driver knows. */
function Space() {
  const {data} = useQuery(nodeQuery);
  const {total, available} = data?.storage ?? {};
  if (typeof total !== 'number' || typeof available !== 'number' || total <= 0) return null;
  const used = Math.round((100 * (total - available)) / total);
  const isNearlyFull = used >= nearlyFull;
  return (
    <Stack gap={4}>
      <Text size="sm">
        {t('admin.storage.free', {free: formatBytes(available), total: formatBytes(total)})}
        {isNearlyFull && ` ${t('admin.storage.nearlyFull')}`}
      </Text>
      <Progress
        value={used}
        color={isNearlyFull ? 'red' : 'blue'}
        aria-label={t('admin.storage.used', {percent: used})}
      />
    </Stack>
  );
}
