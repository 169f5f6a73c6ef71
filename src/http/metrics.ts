/** `/metrics` for Prometheus. */
import type {Metrics} from '../observability/metrics.ts';
import type {Handler} from './context.ts';

export function serveMetrics({registry}: Metrics): Handler {
  return async (ctx) => {
    ctx.set('Content-Type', registry.contentType);
    ctx.body = await registry.metrics();
  };
}
