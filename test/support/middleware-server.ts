/** A little server for a middleware on its own, where what is behind it has to be played. */
import {once} from 'node:events';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';
import Koa from 'koa';
import type {Middleware, State} from '../../src/http/context.ts';

/** Ends with the test. */
export async function serveMiddleware(
  t: ExecutionContext,
  ...middleware: readonly Middleware[]
): Promise<{readonly port: number}> {
  const app = new Koa<State>();
  for (const each of middleware) app.use(each);
  const handle = app.callback();
  const server = http.createServer((request, response) => {
    void handle(request, response);
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {port: (server.address() as AddressInfo).port};
}
