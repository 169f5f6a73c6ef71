/** One connection to a registry, on a bare socket: Node's HTTP client would cost more than many a server. */
import {once} from 'node:events';
import {connect as connectPlain, type OnReadOpts, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {AnswerParser, type Head} from './answer-parser.ts';

export type Answer = Head & {
  /** Empty where the request had a sink. */
  readonly body: Buffer;
};

export type Request = {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Iterable<readonly Uint8Array[]>;
  readonly length?: number;
  /** Gets the body piece by piece. The memory is used again once it returns. */
  readonly sink?: (bytes: Buffer) => void;
};

type Pending = {
  readonly request: Request;
  readonly pieces: Buffer[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
};

const readBufferSize = 2 ** 20;

/**
 * Connects at the first request, and again where the server closed in between. One request at a time. A name and a
 * password in the URL go along with each.
 */
export class Connection {
  readonly #url: URL;
  readonly #own: Readonly<Record<string, string>>;
  readonly #buffer = Buffer.allocUnsafeSlow(readBufferSize);
  readonly #parser: AnswerParser;
  #socket: Socket | undefined;
  #pending: Pending | undefined;

  constructor(url: string) {
    this.#url = new URL(url);
    this.#own = {Host: this.#url.host, ...authorizationOf(this.#url)};
    this.#parser = new AnswerParser(
      (bytes) => {
        const sink = this.#pending?.request.sink;
        if (sink === undefined) this.#pending?.pieces.push(Buffer.from(bytes));
        else sink(bytes);
      },
      (head) => {
        const pending = this.#pending;
        this.#pending = undefined;
        if (head.headers.get('connection')?.toLowerCase() === 'close') this.close();
        pending?.resolve({...head, body: Buffer.concat(pending.pieces)});
      },
    );
  }

  async request(request: Request): Promise<Answer> {
    const socket = await this.#connected();
    this.#parser.expectNoBody(request.method === 'HEAD');
    const answered = new Promise<Answer>((resolve, reject) => {
      this.#pending = {request, pieces: [], resolve, reject};
    });
    socket.write(this.#head(request));
    const sent = request.body === undefined ? undefined : send(socket, request.body);
    // An early answer may break off the sending: the answer is what counts.
    sent?.catch(() => undefined);
    return await answered;
  }

  /** Throws unless the status is the one that must come. */
  async expect(status: number, request: Request): Promise<Answer> {
    const answer = await this.request(request);
    if (answer.status !== status) {
      const said = answer.body.toString().slice(0, 300);
      throw new Error(`${request.method} ${request.path} answered ${answer.status}: ${said}`);
    }
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #head({method, path, headers = {}, length}: Request): string {
    const all = {
      ...this.#own,
      ...headers,
      ...(length === undefined ? {} : {'Content-Length': length}),
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  async #connected(): Promise<Socket> {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const {socket, opened} = openSocket(this.#url, {
      buffer: this.#buffer,
      callback: (size: number) => {
        this.#parser.feed(this.#buffer.subarray(0, size));
        return true;
      },
    });
    await once(socket, opened);
    const fail = (error?: Error) => {
      this.#pending?.reject(error ?? new Error(`${this.#url.host} closed the connection`));
      this.#pending = undefined;
    };
    socket.on('error', fail);
    socket.on('close', () => {
      if (this.#socket === socket) fail();
    });
    this.#socket = socket;
    return socket;
  }
}

/** With the event that tells that it can be written to. */
export function openSocket(
  {protocol, hostname, port}: URL,
  onread?: OnReadOpts,
): {readonly socket: Socket; readonly opened: 'secureConnect' | 'connect'} {
  const secure = protocol === 'https:';
  const options = {
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: Number(port) || (secure ? 443 : 80),
    noDelay: true,
    ...(onread === undefined ? {} : {onread}),
  };
  // Certificates are self-signed here, and made for this run.
  return secure
    ? {socket: connectTls({...options, rejectUnauthorized: false}), opened: 'secureConnect'}
    : {socket: connectPlain(options), opened: 'connect'};
}

function authorizationOf({username, password}: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {Authorization: `Basic ${Buffer.from(credentials).toString('base64')}`};
}

async function send(socket: Socket, body: Iterable<readonly Uint8Array[]>): Promise<void> {
  for (const pieces of body) {
    socket.cork();
    for (const piece of pieces) socket.write(piece);
    socket.uncork();
    if (socket.writableNeedDrain) {
      const ended = new AbortController();
      const closed = once(socket, 'close', {signal: ended.signal}).then(() => {
        throw new Error('closed while sending');
      });
      closed.catch(() => undefined);
      await Promise.race([once(socket, 'drain', {signal: ended.signal}), closed]).finally(() => {
        ended.abort();
      });
    }
  }
}
