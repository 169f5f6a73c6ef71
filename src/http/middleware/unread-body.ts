/**
 * An answer that comes before the body was read closes the connection: reading gigabytes to throw them away would be worse. The socket
 * stays half open for a moment, since a client that is still sending would otherwise meet a reset instead of the answer.
 */
import type {Socket} from 'node:net';
import {isAwaitingContinue} from '../request-body.ts';
import type {Middleware} from '../context.ts';

const lingerTime = 2000;
/** In bytes; what is left of a smaller body is read, and the connection kept. */
const worthReading = 64 * 1024;

export const unreadBody: Middleware = async (ctx, next) => {
  await next();
  const {req} = ctx;
  const rest = Number(ctx.get('Content-Length') || Infinity);
  const isUnread = !req.complete && !req.destroyed;
  if (!isUnread || (rest <= worthReading && !isAwaitingContinue(req))) return;
  ctx.set('Connection', 'close');
  linger(req.socket);
};

function linger(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingerTime);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
    });
  };
}
