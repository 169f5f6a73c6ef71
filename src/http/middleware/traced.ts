/** Makes the request a span, from here to the end of its answer, with the trace in its log lines. */
import type {Attributes, Tracing} from '../../observability/tracing.ts';
import {withoutTokens} from '../../observability/redact.ts';
import type {Context, Middleware} from '../context.ts';
import {pathOfRoute} from '../dispatch.ts';

export const traced =
  (tracing: Tracing): Middleware =>
  async (ctx, next) => {
    const request = {
      method: ctx.method,
      parent: ctx.get('traceparent'),
      isParentTrusted: ctx.state.isProxied,
      attributes: attributesOf(ctx),
    };
    await tracing.request(request, async ({traceId, end}) => {
      const {res, state} = ctx;
      if (traceId !== undefined) state.log = state.log.child({traceId});
      res.once('close', () => {
        const routePath = pathOfRoute(ctx);
        const status = res.headersSent ? res.statusCode : undefined;
        end({
          name: routePath === undefined ? ctx.method : `${ctx.method} ${routePath}`,
          attributes: {
            ...(routePath === undefined ? {} : {'http.route': routePath}),
            ...(status === undefined ? {} : {'http.response.status_code': status}),
            ...(res.writableFinished ? {} : {'error.type': 'aborted'}),
          },
          isFault: status !== undefined && status >= 500,
        });
      });
      await next();
    });
  };

/** Of OpenTelemetry's semantic conventions. Queries are left out: there are secrets in them. */
function attributesOf(ctx: Context): Attributes {
  const {client, id} = ctx.state;
  const userAgent = ctx.get('User-Agent');
  return {
    'http.request.method': ctx.method,
    'url.path': withoutTokens(ctx.originalUrl.split('?', 1)[0] ?? ''),
    'url.scheme': client.protocol,
    'client.address': client.address,
    'network.protocol.version': ctx.req.httpVersion,
    ...(userAgent === '' ? {} : {'user_agent.original': withoutTokens(userAgent)}),
    'holdfast.request_id': id,
  };
}
