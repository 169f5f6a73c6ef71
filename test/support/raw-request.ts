/** Requests exactly as written: paths that no client would send, bodies of unknown length, connections that die. */
import http, {type IncomingHttpHeaders} from 'node:http';
import net from 'node:net';
import type {Readable} from 'node:stream';
import {buffer, text} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import type {InProcess} from './in-process.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RawRequest {
  readonly method?: string;
  /** Neither resolved nor escaped. */
  readonly path: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** A stream goes out with `Transfer-Encoding: chunked`. */
  readonly body?: Buffer | Readable;
}

export async function rawRequest(
  {port}: Pick<InProcess, 'port'>,
  {method = 'GET', path, headers = {}, body}: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = {host: '127.0.0.1', port, method, path, headers, agent: false};
    const request = http.request(options, (response) => {
      buffer(response).then((content) => {
        resolve({status: response.statusCode ?? 0, headers: response.headers, body: content});
      }, reject);
    });
    request.once('error', reject);
    if (body === undefined || Buffer.isBuffer(body)) request.end(body);
    else body.pipe(request);
  });
}

export interface UnfinishedRequest {
  readonly socket: net.Socket;
  /** Everything the server answers, once it has closed the connection. */
  readonly answer: Promise<string>;
}

/** Sends a head that announces `length` bytes, and a part of them; the connection stays open until the test ends or cuts it. */
export async function sendPart(
  t: ExecutionContext,
  {port}: Pick<InProcess, 'port'>,
  {
    method = 'PATCH',
    path,
    length,
    part,
    headers = {},
  }: {
    readonly method?: string;
    readonly path: string;
    readonly length: number;
    readonly part: Buffer;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<UnfinishedRequest> {
  const socket = net.connect({host: '127.0.0.1', port, allowHalfOpen: false});
  t.teardown(() => socket.destroy());
  // What happens to a connection that we let die is no news.
  const answer = text(socket).catch(() => '');
  const lines = Object.entries({Host: 'test', 'Content-Length': String(length), ...headers});
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`);
  await new Promise<void>((resolve) => {
    socket.write(part, () => {
      resolve();
    });
  });
  return {socket, answer};
}

/** Waits for something that announces itself to nobody: looks until it holds, fails after 20 seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited 20 seconds in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
