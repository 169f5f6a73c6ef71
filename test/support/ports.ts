/** Ports of this host. */
import {randomInt} from 'node:crypto';
import {once} from 'node:events';
import net, {type AddressInfo} from 'node:net';
import type {Lifetime} from './lifetime.ts';

/** Taken until the end of the test, or until the server is closed. */
export async function takenPort(
  t: Lifetime,
  host = '127.0.0.1',
): Promise<{readonly server: net.Server; readonly port: number}> {
  const server = net.createServer().listen(0, host);
  t.teardown(() => server.close());
  await once(server, 'listening');
  return {server, port: (server.address() as AddressInfo).port};
}

/** One that nobody had a moment ago, and that the system gives to nobody by itself: it takes those above. */
export async function freePort(t: Lifetime): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const server = net.createServer().listen(port, '127.0.0.1');
    t.teardown(() => server.close());
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (!isFree) continue;
    await once(server, 'close');
    return port;
  }
}
