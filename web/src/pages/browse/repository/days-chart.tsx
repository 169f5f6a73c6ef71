/** Pulls and pushes, day by day. */
import {BarChart} from '@mantine/charts';
import '@mantine/charts/styles.css';
import {Box} from '@mantine/core';
import {formatCount, formatDay} from '../../../parts/numbers.ts';
import {t} from '../../../texts/texts.ts';

interface Day {
  readonly day: string;
  readonly pulls: number;
  readonly pushes: number;
}

export function DaysChart({
  days,
  height,
}: {
  readonly days: readonly Day[];
  readonly height: number;
}) {
  const sum = (of: (day: Day) => number): string =>
    formatCount(days.reduce((total, day) => total + of(day), 0));
  const label = t('browse.repository.days', {
    pulls: sum(({pulls}) => pulls),
    pushes: sum(({pushes}) => pushes),
    days: days.length,
  });
  return (
    <Box role="img" aria-label={label}>
      <BarChart
        h={height}
        data={days.map((day) => ({...day, day: formatDay(day.day)}))}
        dataKey="day"
        type="stacked"
        withLegend
        withYAxis
        yAxisProps={{allowDecimals: false, width: 34}}
        tickLine="none"
        series={[
          {name: 'pulls', label: t('browse.repositories.pulls'), color: 'blue.6'},
          {name: 'pushes', label: t('browse.repository.pushes'), color: 'teal.6'},
        ]}
        barChartProps={{accessibilityLayer: false}}
      />
    </Box>
  );
}
