/** Pulls and pushes, day by day. */
import {BarChart} from '@mantine/charts';
import '@mantine/charts/styles.css';
import {Table, VisuallyHidden} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../api/client.ts';
import {Loading} from '../../parts/loading.tsx';
import {formatCount, formatDay} from '../../parts/numbers.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';

const days = 30;

export function Days() {
  const {data, error} = useQuery({
    queryKey: ['statistics', 'days', days],
    queryFn: async ({signal}) =>
      read(client.GET('/statistics/days', {signal, params: {query: {days}}})),
  });
  const title = t('dashboard.days.title', {days});
  const total = (data ?? []).reduce(
    (sum, {pulls, pushes}) => ({pulls: sum.pulls + pulls, pushes: sum.pushes + pushes}),
    {pulls: 0, pushes: 0},
  );
  return (
    <Section title={title}>
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          {/* The table has the same numbers. */}
          <div aria-hidden>
            <BarChart
              h={220}
              data={[...data]}
              dataKey="day"
              type="stacked"
              withLegend
              series={[
                {
                  name: 'pulls',
                  label: t('dashboard.days.pulls', {total: formatCount(total.pulls)}),
                  color: 'blue.6',
                },
                {
                  name: 'pushes',
                  label: t('dashboard.days.pushes', {total: formatCount(total.pushes)}),
                  color: 'orange.6',
                },
              ]}
              valueFormatter={formatCount}
              barProps={{isAnimationActive: false}}
              barChartProps={{accessibilityLayer: false}}
              xAxisProps={{tickFormatter: (day: string) => formatDay(day).slice(0, 6)}}
              yAxisProps={{allowDecimals: false}}
            />
          </div>
          <VisuallyHidden>
            <Table aria-label={title}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('dashboard.days.day')}</Table.Th>
                  <Table.Th>{t('dashboard.days.pulled')}</Table.Th>
                  <Table.Th>{t('dashboard.days.pushed')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map(({day, pulls, pushes}) => (
                  <Table.Tr key={day}>
                    <Table.Td>{formatDay(day)}</Table.Td>
                    <Table.Td>{formatCount(pulls)}</Table.Td>
                    <Table.Td>{formatCount(pushes)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </VisuallyHidden>
        </>
      )}
    </Section>
  );
}
