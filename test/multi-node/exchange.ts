/** A request on a connection of its own, which is given up after a while: a node may stand still. */
import http, {type IncomingHttpHeaders, type OutgoingHttpHeaders} from 'node:http';
import type {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';

export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | Readable;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** Rejects where the connection breaks, or where nothing comes in time. */
export async function exchange(
  base: string,
  path: string,
  {method = 'GET', headers = {}, body, timeout = 15_000}: Asked = {},
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const options = {method, headers, agent: false, signal: AbortSignal.timeout(timeout)};
    const request = http.request(new URL(path, base), options, (response) => {
      buffer(response).then((content) => {
        resolve({status: response.statusCode ?? 0, headers: response.headers, body: content});
      }, reject);
    });
    request.once('error', reject);
    if (body === undefined || Buffer.isBuffer(body)) {
      request.end(body);
      return;
    }
    body.once('error', (error) => request.destroy(error));
    request.once('close', () => body.destroy());
    body.pipe(request);
  });
}
