/** `run/<node>/node.sock`: what an operator asks of this node, whether it serves or not. */
import http, {type IncomingMessage, type ServerResponse} from 'node:http';
import {openPrivateSocket} from '../http/private-socket.ts';
import {errorText} from '../observability/error-text.ts';
import type {Log} from '../observability/log.ts';
import {NodeError} from './node-error.ts';
import type {NodeStatus} from './node-status.ts';

export const nodeSocketName = 'node.sock';

interface Administered {
  status(): Promise<NodeStatus>;
  promote(): Promise<void>;
  demote(): Promise<void>;
}

interface NodeSocketOptions {
  readonly node: Administered;
  /** Of mode 0700. */
  readonly directory: string;
  readonly log: Log;
}

/** In milliseconds. */
const requestTimeout = 10_000;
const drainTimeout = 1000;

export async function openNodeSocket({
  node,
  directory,
  log,
}: NodeSocketOptions): Promise<{close(): Promise<void>}> {
  const server = http.createServer({requestTimeout}, (request, response) => {
    void answer(node, request, response);
  });
  server.on('error', (error) => {
    log.error({err: error}, 'socket of the node failed');
  });
  const socket = await openPrivateSocket({
    directory,
    name: nodeSocketName,
    server,
    drainTimeout,
  });
  if (!socket) throw new NodeError(`another process is this node already: ${directory}`);
  return socket;
}

async function answer(
  node: Administered,
  {method, url}: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [status, body] = await act(node, `${method ?? ''} ${url ?? ''}`).catch(
    (error: unknown) =>
      [error instanceof NodeError ? 409 : 500, {error: errorText(error)}] as const,
  );
  const headers = {'Content-Type': 'application/json', Connection: 'close'};
  response.writeHead(status, headers).end(JSON.stringify(body));
}

async function act(node: Administered, wanted: string): Promise<readonly [number, object]> {
  if (wanted === 'POST /promote') await node.promote();
  else if (wanted === 'POST /demote') await node.demote();
  else if (wanted !== 'GET /status') return [404, {error: `nobody knows ${wanted}`}];
  return [200, await node.status()];
}
