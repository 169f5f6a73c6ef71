/** Routers: their routes have names in log and metrics, and a path is told which methods it has. */
import Router from '@koa/router';
import {RegistryError} from '../oci/errors.ts';
import type {Handler, Middleware, RouteContext, State} from './context.ts';

/** Capitals and a slash at the end count. */
export function newRouter(): Router<State> {
  const router = new Router<State>({sensitive: true, strict: true});
  router.use(nameRoute);
  return router;
}

const nameRoute: Handler = async (ctx, next) => {
  ctx.state.route = ctx._matchedRouteName ?? 'none';
  await next();
};

/** What the router leaves on a request whose path it knows, whatever the method. */
interface Matched {
  readonly matched?: readonly {readonly methods: readonly string[]}[];
}

export function dispatch(router: Router<State>): Middleware {
  const run = router.routes();
  return async (ctx, next) => {
    const context = ctx as RouteContext & Matched;
    await run(context, next);
    const methods = context.matched?.flatMap((layer) => layer.methods) ?? [];
    if (ctx.status === 404 && ctx.body === undefined && methods.length > 0) {
      throw new RegistryError('UNSUPPORTED', {
        message: `${ctx.method} is not supported here`,
        headers: {Allow: [...new Set(methods)].join(', ')},
      });
    }
  };
}
