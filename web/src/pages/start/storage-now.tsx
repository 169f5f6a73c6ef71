/** How much is stored, and what is the largest. */
import {DonutChart} from '@mantine/charts';
import '@mantine/charts/styles.css';
import {ColorSwatch, Group, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../api/client.ts';
import type {Storage} from '../../api/types.ts';
import {Loading} from '../../parts/loading.tsx';
import {formatBytes} from '../../parts/numbers.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {NamespaceLink} from '../../parts/namespace-link.tsx';
import {t} from '../../texts/texts.ts';

const colors = ['blue', 'teal', 'grape', 'orange', 'red', 'gray'] as const;
const mostShown = colors.length - 1;

export function StorageNow() {
  const {data, error} = useQuery({
    queryKey: ['statistics', 'storage'],
    queryFn: async ({signal}) => read(client.GET('/statistics/storage', {signal})),
  });
  return (
    <Section title={t('dashboard.storage.title')}>
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data?.namespaces.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('dashboard.storage.none')}
        </Text>
      )}
      {data && data.namespaces.length > 0 && <Shares storage={data} />}
    </Section>
  );
}

function Shares({storage}: {readonly storage: Storage}) {
  const rest = storage.namespaces.slice(mostShown).reduce((sum, {bytes}) => sum + bytes, 0);
  const shares = [
    ...storage.namespaces
      .slice(0, mostShown)
      .map(({name, bytes}) => ({name, bytes, isRest: false})),
    ...(rest > 0 ? [{name: t('dashboard.storage.rest'), bytes: rest, isRest: true}] : []),
  ].map((share, place) => ({...share, color: colors[place] ?? 'gray'}));
  return (
    <Group align="center" justify="center" gap="xl">
      {/* The table has the same numbers. */}
      <div aria-hidden>
        <DonutChart
          size={150}
          thickness={24}
          withTooltip={false}
          pieProps={{isAnimationActive: false, rootTabIndex: -1}}
          pieChartProps={{accessibilityLayer: false}}
          data={shares.map(({name, bytes, color}) => ({
            name: name === '' ? '/' : name,
            value: bytes,
            color: `${color}.6`,
          }))}
          {...(storage.bytes === null ? {} : {chartLabel: formatBytes(storage.bytes)})}
        />
      </div>
      <Table flex={1} miw={240} aria-label={t('dashboard.storage.title')}>
        <Table.Tbody>
          {shares.map(({name, bytes, color, isRest}) => (
            <Table.Tr key={name}>
              <Table.Td className="wraps">
                <Group gap="xs" wrap="nowrap">
                  <ColorSwatch
                    size={12}
                    color={`var(--mantine-color-${color}-6)`}
                    withShadow={false}
                  />
                  {isRest ? name : <NamespaceLink name={name} />}
                </Group>
              </Table.Td>
              <Table.Td ta="right" className="stays">
                {formatBytes(bytes)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Group>
  );
}
