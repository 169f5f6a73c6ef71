/** What Prometheus can ask about the index of content. */
import {Counter, Gauge, type Registry} from 'prom-client';

interface Progress {
  readonly gone: number;
  readonly repositories: number;
  readonly tags: number;
  readonly manifests: number;
}

interface State {
  readonly isComplete: boolean;
  readonly openChanges: number;
}

export interface IndexMetrics {
  /** Asks this, from now on, whenever the metrics are asked. */
  readonly follow: (state: () => Promise<State>) => void;
  readonly progress: (now: Progress, before: Progress | undefined) => void;
  /** `ms`: so long it took. */
  readonly compared: (ms: number) => void;
  readonly failed: () => void;
}

const outcomes = ['completed', 'failed'] as const;
const kinds = ['tag', 'manifest', 'repository'] as const;

/** Each series is there from the start, at 0: from nothing to 1 would be no increase. */
export function createIndexMetrics(registry: Registry): IndexMetrics {
  const registers = [registry];
  let state: (() => Promise<State>) | undefined;
  const asked = async <T>(read: (state: State) => T): Promise<T | number> => {
    // A database that fails must not take the metrics with it that tell of it.
    try {
      return state ? read(await state()) : NaN;
    } catch {
      return NaN;
    }
  };
  const gauge = (name: string, help: string, read?: (state: State) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      ...(read && {
        async collect() {
          this.set(await asked(read));
        },
      }),
    });
  gauge(
    'holdfast_index_complete',
    'Whether the index has, or once had, all that the storage has: 1, or 0; NaN where the database does not answer.',
    ({isComplete}) => (isComplete ? 1 : 0),
  );
  gauge(
    'holdfast_index_open_changes',
    'Pushes and deletes that are under way or not in the index yet; NaN where the database does not answer.',
    ({openChanges}) => openChanges,
  );
  const repositories = gauge(
    'holdfast_index_compared_repositories',
    'Repositories that the comparison of the index with the storage has looked at that is under way, or was the last.',
  );
  const duration = gauge(
    'holdfast_index_comparison_duration_seconds',
    'How long the last comparison took.',
  );
  const end = gauge(
    'holdfast_index_compared_timestamp_seconds',
    'When the last comparison ended, in seconds since 1970; 0: none since the start.',
  );
  const comparisons = new Counter({
    name: 'holdfast_index_comparisons_total',
    help: `Comparisons, by outcome: ${outcomes.join(', ')}.`,
    labelNames: ['outcome'],
    registers,
  });
  const differences = new Counter({
    name: 'holdfast_index_differences_total',
    help: `What comparisons found in the storage and not in the index, or the other way round, by kind: ${kinds.join(', ')}.`,
    labelNames: ['kind'],
    registers,
  });
  for (const outcome of outcomes) comparisons.inc({outcome}, 0);
  for (const kind of kinds) differences.inc({kind}, 0);
  return {
    follow: (asking) => {
      state = asking;
    },
    progress: (now, before) => {
      repositories.set(now.repositories);
      differences.inc({kind: 'tag'}, Math.max(0, now.tags - (before?.tags ?? 0)));
      differences.inc({kind: 'manifest'}, Math.max(0, now.manifests - (before?.manifests ?? 0)));
      differences.inc({kind: 'repository'}, Math.max(0, now.gone - (before?.gone ?? 0)));
    },
    compared: (ms) => {
      comparisons.inc({outcome: 'completed'});
      duration.set(ms / 1000);
      end.set(Date.now() / 1000);
    },
    failed: () => {
      comparisons.inc({outcome: 'failed'});
    },
  };
}
