/**
 * The end of a connection on which the client may still be sending. Closed at once it would be reset, and the client would never see
 * the answer; so it stays half open for a moment, and what comes is thrown away.
 */
import type {Socket} from 'node:net';

const longest = 2000;
/** In bytes; who sends more does not read. */
const most = 16 * 1024 * 1024;

export function linger(socket: Socket): void {
  const until = performance.now() + longest;
  const last = socket.bytesRead + most;
  const timer = setInterval(() => {
    if (performance.now() > until || socket.bytesRead > last) socket.destroy();
  }, 10);
  socket.once('end', () => socket.destroy());
  socket.once('close', () => {
    clearInterval(timer);
  });
  socket.end();
}
