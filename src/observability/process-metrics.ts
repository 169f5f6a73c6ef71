/** What Prometheus can ask about the process itself. */
import {collectDefaultMetrics, Counter, Gauge, type Registry} from 'prom-client';
import {logs, type LostLines} from './lost-lines.ts';

export interface ProcessState {
  readonly version: string;
  readonly lostLines: LostLines;
  /** Requests to the thread of digests that have no answer yet. */
  readonly digestsWaiting: () => number;
}

/** Gauges whose names end as those of counters do; each says the same as one that is kept, as the sum of its series. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

export function watchProcess(
  registry: Registry,
  {version, lostLines, digestsWaiting}: ProcessState,
): void {
  const registers = [registry];
  // Among these: process memory, open files and the event loop's delay.
  collectDefaultMetrics({register: registry});
  for (const name of misnamed) registry.removeSingleMetric(name);
  new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1; the version of Holdfast is in the label.',
    labelNames: ['version'],
    registers,
  }).set({version}, 1);
  new Gauge({
    name: 'holdfast_digest_requests_waiting',
    help: 'Batches of bytes that the thread of digests has not answered yet.',
    registers,
    collect() {
      this.set(digestsWaiting());
    },
  });
  new Counter({
    name: 'holdfast_log_lost_lines_total',
    help: `Lines that a log could not take, by log: ${logs.join(', ')}.`,
    labelNames: ['log'],
    registers,
    collect() {
      this.reset();
      for (const log of logs) this.inc({log}, lostLines.of(log));
    },
  });
}
