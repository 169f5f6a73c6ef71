/** `/healthz/active` and `/healthz/standby`, for balancers. Whoever gets here is active: a standby answers by itself. */
import type Router from '@koa/router';
import type {State} from './context.ts';

export function addRole(router: Router<State>): void {
  router.get('active', '/healthz/active', (ctx) => {
    ctx.body = {status: 'ok', role: 'active'};
  });
  router.get('standby', '/healthz/standby', (ctx) => {
    ctx.status = 503;
    ctx.body = {status: 'unavailable', role: 'active'};
  });
}
