/** What the tables and the picture say of a measurement, out of its samples. */
import type {Measured, Metric, Results, Sample} from '../results.ts';
import {type Spread, spreadOf} from '../statistics.ts';

const usualYardstick = 'docker-registry';

/** Whom all others are compared with: docker-registry, or else the first that is neither Holdfast nor null. */
export function yardstickOf(targets: Results['targets']): Results['targets'][number] | undefined {
  return (
    targets.find(({name}) => name === usualYardstick) ??
    targets.find(({name, isNull}) => !name.startsWith('holdfast') && !isNull)
  );
}

/** What every measurement tells; some make much of it. */
const peakMemory: Metric = {name: 'peak memory', unit: 'MiB', better: 'less'};

export type Row = {
  readonly metric: Metric;
  /** By the name of the target. */
  readonly figures: ReadonlyMap<string, Figure>;
};

type Figure = Spread & {
  /** How often as much as the yardstick; `undefined` without one. */
  readonly ratio: number | undefined;
};

/** The rows of a measurement: its metrics, then the memory and the processor time that it took. */
export function rowsOf(measured: Measured, usual: string | undefined): readonly Row[] {
  const {metrics, yardstick = usual} = measured;
  const own = metrics.map((metric) => rowOf(measured, yardstick, metric, readerOf(metric)));
  const memory = metrics.some(({name}) => name === peakMemory.name) ? [] : [peakMemory];
  const cpu: Metric = {name: 'processor', unit: 's', better: 'less'};
  const client: Metric = {name: "client's processor", unit: 's', better: 'less'};
  return [
    ...own,
    ...memory.map((metric) => rowOf(measured, yardstick, metric, readerOf(metric))),
    rowOf(measured, yardstick, cpu, ({cpuSeconds}) => cpuSeconds),
    rowOf(measured, yardstick, client, ({clientCpuSeconds}) => clientCpuSeconds),
  ].filter(({figures}) => figures.size > 0);
}

function readerOf({name}: Metric): (sample: Sample) => number | undefined {
  if (name !== peakMemory.name) return ({values}) => values[name];
  return ({peakBytes}) => (peakBytes === undefined ? undefined : peakBytes / 2 ** 20);
}

function rowOf(
  {samples}: Measured,
  yardstick: string | undefined,
  metric: Metric,
  read: (sample: Sample) => number | undefined,
): Row {
  const spreads = new Map<string, Spread>();
  for (const [name, list] of Object.entries(samples)) {
    const spread = spreadOf(list.map(read).filter((value) => value !== undefined));
    if (spread !== undefined) spreads.set(name, spread);
  }
  const base = yardstick === undefined ? undefined : spreads.get(yardstick)?.median;
  const figures = new Map(
    [...spreads].map(([name, spread]) => {
      const none = base === undefined || base === 0 || name === yardstick;
      const ratio = none ? undefined : spread.median / base;
      return [name, {...spread, ratio}] as const;
    }),
  );
  return {metric, figures};
}

/** The targets that took part in anything, in their order. */
export function targetsOf({targets, measurements}: Results): Results['targets'] {
  return targets.filter(({name}) => measurements.some(({samples}) => name in samples));
}

/** Three digits that count: 1,234 and 12.3 and 0.123 */
export function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  });
}
