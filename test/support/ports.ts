/** Ports of this host. */
import {once} from 'node:events';
import net, {type AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';

/** Taken until the end of the test, or until the server is closed. */
export async function takenPort(
  t: ExecutionContext,
  host = '127.0.0.1',
): Promise<{readonly server: net.Server; readonly port: number}> {
  const server = net.createServer().listen(0, host);
  t.teardown(() => server.close());
  await once(server, 'listening');
  return {server, port: (server.address() as AddressInfo).port};
}

/** One that nobody had a moment ago. */
export async function freePort(t: ExecutionContext): Promise<number> {
  const {server, port} = await takenPort(t);
  server.close();
  await once(server, 'close');
  return port;
}
