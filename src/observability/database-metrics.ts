/** What Prometheus can ask about the database. */
import {Counter, Histogram, type Registry} from 'prom-client';

/** `connect` is the wait for a connection. */
const statements = [
  'connect',
  'begin',
  'commit',
  'rollback',
  'select',
  'insert',
  'update',
  'delete',
  'other',
] as const;

export type Statement = (typeof statements)[number];

export interface DatabaseMetrics {
  /** `seconds`: until the answer, or the fault. */
  readonly answered: (statement: Statement, seconds: number) => void;
  /** `kind`: one of the faults that there are. */
  readonly failed: (kind: string) => void;
}

/** `faults`: the kinds that there are. Each series of them is there from the start, at 0: from nothing to 1 would be no increase. */
export function createDatabaseMetrics(
  registry: Registry,
  faults: readonly string[],
): DatabaseMetrics {
  const registers = [registry];
  const durations = new Histogram({
    name: 'holdfast_database_statement_duration_seconds',
    help: 'Time until the database answered, by statement: connect is the wait for a connection.',
    labelNames: ['statement'],
    buckets: [0.0005, 0.002, 0.01, 0.05, 0.2, 1, 5],
    registers,
  });
  for (const statement of statements) durations.zero({statement});
  const errors = new Counter({
    name: 'holdfast_database_errors_total',
    help: `Statements that failed, by kind: ${faults.join(', ')}.`,
    labelNames: ['kind'],
    registers,
  });
  for (const kind of faults) errors.inc({kind}, 0);
  return {
    answered: (statement, seconds) => {
      durations.observe({statement}, seconds);
    },
    failed: (kind) => {
      errors.inc({kind});
    },
  };
}
