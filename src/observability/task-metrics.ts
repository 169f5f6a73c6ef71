/** What Prometheus can ask about the housekeeping. */
import {Counter, Gauge, type Registry} from 'prom-client';

const outcomes = ['completed', 'failed'] as const;

/** Told of each run of one task. Times are in milliseconds. */
export interface TaskRecord {
  readonly completed: (ms: number) => void;
  readonly failed: (ms: number) => void;
  /** It is begun again after so long. */
  readonly resting: (ms: number) => void;
}

export interface TaskMetrics {
  /** `task`: a word of ours. Its series are there from now on. */
  readonly follow: (task: string) => TaskRecord;
}

export function createTaskMetrics(registry: Registry): TaskMetrics {
  const registers = [registry];
  // Not `job`: that label is Prometheus' own.
  const labelNames = ['task'] as const;
  const runs = new Counter({
    name: 'holdfast_task_runs_total',
    help: `Runs of the housekeeping, by task and outcome: ${outcomes.join(', ')}.`,
    labelNames: [...labelNames, 'outcome'],
    registers,
  });
  const gauge = (name: string, help: string): Gauge<'task'> =>
    new Gauge({name, help, labelNames, registers});
  const success = gauge(
    'holdfast_task_last_success_timestamp_seconds',
    'When a task last ended as it should, in seconds since 1970; 0: not since the start.',
  );
  const duration = gauge('holdfast_task_duration_seconds', 'How long the last run of a task took.');
  const pause = gauge(
    'holdfast_task_pause_seconds',
    'Time from the end of the last run of a task, or from the start, to the begin of the next.',
  );
  return {
    follow: (task) => {
      for (const outcome of outcomes) runs.inc({task, outcome}, 0);
      success.set({task}, 0);
      duration.set({task}, 0);
      const ended = (outcome: (typeof outcomes)[number], ms: number): void => {
        runs.inc({task, outcome});
        duration.set({task}, ms / 1000);
      };
      return {
        completed: (ms) => {
          ended('completed', ms);
          success.set({task}, Date.now() / 1000);
        },
        failed: (ms) => {
          ended('failed', ms);
        },
        resting: (ms) => {
          pause.set({task}, ms / 1000);
        },
      };
    },
  };
}
