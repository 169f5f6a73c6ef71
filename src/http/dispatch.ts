/** Routers: their routes have names in log and metrics, and a path is told which methods it has. */
import Router from '@koa/router';
import {RegistryError} from '../oci/errors.ts';
import type {Context, Handler, Middleware, RouteContext, State} from './context.ts';

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
  readonly matched?: readonly Layer[];
}

interface Layer {
  readonly name?: string;
  readonly path: string | RegExp;
  readonly methods: readonly string[];
}

/** The path of the route, with names in the place of what varies; `undefined`: none fits. */
export function pathOfRoute(ctx: Context): string | undefined {
  const {matched = []} = ctx as Context & Matched;
  const {route} = ctx.state;
  const layer = matched.find(({name, methods}) => name === route && methods.includes(ctx.method));
  return layer && String(layer.path);
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
