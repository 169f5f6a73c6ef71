/** An answer that comes before the body was read closes the connection: reading gigabytes to throw them away would be worse. */
import type {Context, Middleware} from '../context.ts';
import {linger} from '../linger.ts';
import {isAwaitingContinue} from '../request-body.ts';

/** In bytes; what is left of a smaller body is read, and the connection kept. */
const worthReading = 64 * 1024;

export const unreadBody: Middleware = async (ctx, next) => {
  await next();
  const {req} = ctx;
  if (req.complete || req.destroyed || isWorthReading(ctx)) return;
  ctx.set('Connection', 'close');
  const {socket} = req;
  socket.destroySoon = () => {
    linger(socket);
  };
};

/** Not where the client holds it back: it may never come; and not where the connection ends with the answer anyway. */
function isWorthReading(ctx: Context): boolean {
  if (!ctx.res.shouldKeepAlive) return false;
  const rest = Number(ctx.get('Content-Length') || Infinity);
  const isHeldBack = isAwaitingContinue(ctx.req) || ctx.status === 408;
  return rest <= worthReading && !isHeldBack;
}
