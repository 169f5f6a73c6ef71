/** An answer of which the client takes no byte for `idleTimeout` milliseconds is cut, so that it holds neither memory nor a file. */
import type {Middleware} from '../context.ts';

export function unreadAnswer(idleTimeout: number): Middleware {
  return async (ctx, next) => {
    const {req, res} = ctx;
    // Left by the answer before on this connection, where this request came while that was under way: nobody would listen, and Node then cuts.
    req.socket.setTimeout(0);
    await next();
    res.setTimeout(idleTimeout, () => {
      // Where nothing waits to be taken it is the disk that is slow.
      if (res.writableLength > 0) req.socket.destroy();
    });
  };
}
