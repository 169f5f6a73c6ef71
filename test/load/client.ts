/** A client that keeps its connections, and fails where the answer is not the one it counts on. */
import http from 'node:http';
import {buffer} from 'node:stream/consumers';

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Ask {
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: Buffer;
  /** The body is cut behind so many bytes, and the connection with it. */
  readonly cutAt?: number;
}

export class Client {
  readonly #port: number;
  readonly #proof: http.OutgoingHttpHeaders;
  readonly #agent = new http.Agent({keepAlive: true, maxSockets: 4});

  constructor(port: number, authorization?: string) {
    this.#port = port;
    this.#proof = authorization === undefined ? {} : {Authorization: authorization};
  }

  /** Throws for any other status. */
  async ask(
    status: number | readonly number[],
    method: string,
    path: string,
    ask: Ask = {},
  ): Promise<Answer> {
    const answer = await this.#request(method, path, ask);
    if ([status].flat().includes(answer.status)) return answer;
    const text = answer.body.toString().slice(0, 500);
    throw new Error(
      `${method} ${path}: ${answer.status} and not ${[status].flat().join(' or ')}: ${text}`,
    );
  }

  /** Sends a part of a body, and dies. */
  async cut(method: string, path: string, {body = Buffer.alloc(0), cutAt = 0}: Ask): Promise<void> {
    const headers = {...this.#proof, 'Content-Length': body.length};
    const options = {port: this.#port, host: '127.0.0.1', method, path, headers, agent: false};
    const {promise, resolve} = Promise.withResolvers<undefined>();
    const request = http.request(options);
    request.once('error', () => undefined);
    request.once('close', () => {
      resolve(undefined);
    });
    request.write(body.subarray(0, cutAt), () => request.destroy());
    await promise;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #request(method: string, path: string, {headers = {}, body}: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: this.#port,
        method,
        path,
        headers: {...this.#proof, ...headers},
      };
      const request = http.request({...options, agent: this.#agent}, (response) => {
        buffer(response).then((content) => {
          resolve({status: response.statusCode ?? 0, headers: response.headers, body: content});
        }, reject);
      });
      // A connection that the server closed while it was idle is no failure.
      request.once('error', (error: NodeJS.ErrnoException) => {
        if (request.reusedSocket && error.code === 'ECONNRESET')
          this.#request(method, path, {headers, ...(body ? {body} : {})}).then(resolve, reject);
        else reject(error);
      });
      request.end(body);
    });
  }
}
