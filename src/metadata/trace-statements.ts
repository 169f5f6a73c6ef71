/** Makes each statement a span of the request that needs it, and tells others of it, too. */
import type {Spans} from '../observability/tracing.ts';
import type {Engine} from './engine.ts';
import type {ObserveStatement} from './observed-dialect.ts';

/** What OpenTelemetry calls them. */
const systems = {sqlite: 'sqlite', mariadb: 'mariadb', postgres: 'postgresql'} as const;

export const traceStatements =
  (spans: Spans, engine: Engine['name'], others: ObserveStatement): ObserveStatement =>
  (statement, sql) => {
    const ended = others(statement, sql);
    const end = spans.begin(`database ${statement}`, {
      'db.system.name': systems[engine],
      'db.operation.name': statement,
      // With ? or $1 for values.
      ...(sql === undefined ? {} : {'db.query.text': sql}),
    });
    return (error) => {
      ended(error);
      end(error);
    };
  };
