/** The same request again and again, for as long as a round lasts. */
import type {Storm} from '../client/storm.ts';
import type {Bench, Outcome} from '../measurement.ts';
import {usageOf} from '../meter.ts';
import type {Metric} from '../results.ts';
import type {Scale} from '../scale.ts';
import type {Server} from '../targets/target.ts';

type Question = Omit<Storm, 'url' | 'seconds'> & {readonly method: 'GET' | 'HEAD'};

export const askMetrics = [
  {name: 'rate', unit: 'requests/s', better: 'more'},
  {name: 'p50', unit: 'ms', better: 'less'},
  {name: 'p99', unit: 'ms', better: 'less'},
] as const satisfies readonly Metric[];

/** Of all the server's threads: as many one core alone would answer, at the least. */
export const coreMetric: Metric = {
  name: 'for each second of a core',
  unit: 'requests/s',
  better: 'more',
};

/** Throws if an answer is none of success. */
export async function askAgain(
  {scale, client}: Bench,
  {url, pid}: Server,
  {method, ...question}: Question,
  round: number,
): Promise<Outcome> {
  const before = await usageOf(pid);
  const storm = {...question, url, seconds: secondsOf(round, scale)};
  const {rate: counted, cpuSeconds: clientCpuSeconds} = await client.do({
    kind: 'storm',
    method,
    storm,
  });
  const after = await usageOf(pid);
  if (counted === undefined) throw new Error('the client has counted nothing');
  const {answers, ...values} = counted;
  const cpuSeconds = (after.cpuSeconds ?? 0) - (before.cpuSeconds ?? 0);
  const ofCore = cpuSeconds > 0 ? {[coreMetric.name]: answers / cpuSeconds} : {};
  return {values: {...values, ...ofCore}, clientCpuSeconds};
}

/** Round 0 is the warming up: rather a warm server than a cold one, as it answers for days. */
function secondsOf(round: number, {duration}: Scale): number {
  return round === 0 ? Math.min(1, duration) : duration;
}
