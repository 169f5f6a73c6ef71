/** Writes one line for each request when it is over, into the log and that of requests, and counts it. */
import type {Socket} from 'node:net';
import type {Presented} from '../../auth/presented.ts';
import type {AccessLog} from '../../observability/access-log.ts';
import type {Metrics} from '../../observability/metrics.ts';
import type {Context, Middleware} from '../context.ts';

/** What earlier requests on the same connection have been counted for. */
const counted = new WeakMap<Socket, {readonly received: number; readonly sent: number}>();

/** In characters: a head may have 64 KiB. */
const longestLogged = 1024;

/** The client was gone before there was an answer; the number is nginx's. */
const hungUp = 499;

interface AccountOptions {
  readonly metrics: Metrics;
  readonly accessLog: AccessLog | undefined;
  readonly now: () => Date;
  /** Whether the log has a line of each, too. */
  readonly isLogged: boolean;
}

export function account({metrics, accessLog, now, isLogged}: AccountOptions): Middleware {
  return async (ctx, next) => {
    const {req, res} = ctx;
    const {socket} = req;
    metrics.requestsInFlight.inc();
    const at = accessLog && now();
    const startedAt = performance.now();
    const before = counted.get(socket) ?? {received: 0, sent: 0};
    res.once('close', () => {
      const ms = performance.now() - startedAt;
      const total = {received: socket.bytesRead, sent: socket.bytesWritten};
      counted.set(socket, total);
      const received = total.received - before.received;
      const sent = total.sent - before.sent;
      const route = ctx.state.route ?? 'none';
      const {presented, problem} = ctx.state;
      const user = userOf(presented);
      const isAborted = !res.writableFinished;
      const status = res.headersSent ? res.statusCode : hungUp;
      const method = req.method ?? '';
      metrics.requestsInFlight.dec();
      metrics.requests.observe({route, method, status}, ms / 1000);
      metrics.content.answered({route, method, status, isAborted});
      metrics.receivedBytes.inc(received);
      metrics.sentBytes.inc(sent);
      if (at) {
        accessLog.write({
          at,
          client: ctx.state.client.address,
          user,
          method,
          target: ctx.originalUrl,
          httpVersion: req.httpVersion,
          route,
          status,
          bytes: bodyBytes(ctx),
          ms,
          referrer: ctx.get('Referrer'),
          userAgent: ctx.get('User-Agent'),
          requestId: ctx.state.id,
        });
      }
      if (!isLogged) return;
      const fields = {
        method: req.method,
        path: ctx.originalUrl.split('?', 1)[0]?.slice(0, longestLogged),
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        received,
        sent,
        client: ctx.state.client.address,
        ...(user === undefined ? {} : {user}),
        ...(problem === undefined ? {} : {problem}),
        userAgent: ctx.get('User-Agent').slice(0, longestLogged),
        ...(isAborted ? {aborted: true} : {}),
      };
      ctx.state.log.info(fields, 'request');
    });
    await next();
  };
}

/** Without the head. Of an answer that was cut, what had been given to the connection. */
function bodyBytes({method, res, state}: Context): number {
  if (state.streamed !== undefined) return state.streamed;
  if (method === 'HEAD' || !res.writableFinished) return 0;
  const length = Number(res.getHeader('Content-Length') ?? 0);
  return res.statusCode === 304 ? 0 : length;
}

/** Of a token whose time is over, too; empty: anonymous. */
function userOf(presented: Presented | undefined): string | undefined {
  if (presented === undefined) return undefined;
  if ('token' in presented) return presented.token.subject;
  return presented.kind === 'account' ? presented.account.name : undefined;
}
