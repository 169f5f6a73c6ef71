/** HTTP spoken byte by byte: for what no client would send, and for what clients hide of an answer. */
import {once} from 'node:events';
import net from 'node:net';
import type {Duplex} from 'node:stream';
import {setTimeout as pass} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';

export interface WireAnswer {
  readonly status: number;
  /** Names in lower case; what came several times is joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How the server closed: `end` politely, `reset` by throwing away what was on its way. */
export type Closing = 'end' | 'reset';

export class Wire<S extends Duplex = Duplex> {
  readonly socket: S;
  /** Resolves when the server has closed its side. */
  readonly closed: Promise<Closing>;
  #chunks: Buffer[] = [];
  #size = 0;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(socket: S) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      const close = (closing: Closing) => {
        this.#isOver = true;
        resolve(closing);
        this.#wake();
      };
      socket.on('error', () => {
        close('reset');
      });
      socket.on('end', () => {
        close('end');
      });
      socket.on('close', () => {
        close('end');
      });
    });
  }

  /** Resolves when the system has taken the bytes; false where the server takes no more. */
  async write(content: string | Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      this.socket.write(Buffer.from(content as string, 'latin1'), (error) => {
        resolve(!error);
      });
    });
  }

  /** A request with its head's lines as given; where they have no Host, and for a body no length, both are added. */
  async send(line: string, headers: readonly string[] = [], body?: string | Uint8Array) {
    const isFramed = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header));
    const framing = body === undefined || isFramed ? [] : [`Content-Length: ${body.length}`];
    const host = headers.some((header) => /^host:/i.test(header)) ? [] : ['Host: test'];
    const head = [`${line} HTTP/1.1`, ...host, ...headers, ...framing, '', ''].join('\r\n');
    return this.write(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body ?? '')]));
  }

  /** One chunk of a body in `Transfer-Encoding: chunked`; without bytes the last one. */
  async sendChunk(content: string | Uint8Array = '') {
    const bytes = Buffer.from(content as string);
    const size = Buffer.from(`${bytes.length.toString(16)}\r\n`);
    return this.write(Buffer.concat([size, bytes, Buffer.from('\r\n')]));
  }

  /** Single bytes with a pause of so many milliseconds after each, until the server takes no more. */
  async drip(count: number, pause: number): Promise<void> {
    for (let sent = 0; sent < count && (await this.write('x')); sent += 1) await pass(pause);
  }

  /** The next answer, `100 Continue` included; `undefined`: the server closed before it was whole. */
  async answer(method = 'GET'): Promise<WireAnswer | undefined> {
    const headEnd = await this.#until(() => this.rest.indexOf('\r\n\r\n'));
    if (headEnd < 0) return undefined;
    const head = this.#take(headEnd + 4).toString('latin1');
    const [statusLine = '', ...lines] = head.trimEnd().split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
    const headers = readHeaders(lines);
    const isEmpty = method === 'HEAD' || status < 200 || status === 204 || status === 304;
    const length = Number(headers['content-length'] ?? 0);
    if (isEmpty || length === 0) return {status, headers, body: Buffer.alloc(0)};
    const isWhole = () => (this.#size >= length ? length : -1);
    if ((await this.#until(isWhole)) < 0) return undefined;
    return {status, headers, body: this.#take(length)};
  }

  /** What has come and was not taken as an answer. */
  get rest(): Buffer {
    const rest = Buffer.concat(this.#chunks);
    this.#chunks = [rest];
    return rest;
  }

  #take(count: number): Buffer {
    const {rest} = this;
    this.#chunks = [rest.subarray(count)];
    this.#size -= count;
    return rest.subarray(0, count);
  }

  /** Negative: the connection ended first. */
  async #until(find: () => number): Promise<number> {
    for (;;) {
      const found = find();
      if (found >= 0 || this.#isOver) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A connection of its own, which ends with the test. */
export async function openWire(
  t: ExecutionContext,
  {port, host = '127.0.0.1'}: {readonly port: number; readonly host?: string},
): Promise<Wire<net.Socket>> {
  const socket = net.connect({host, port, allowHalfOpen: true});
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return new Wire(socket);
}

/** One request on a connection of its own, and its answer. */
export async function exchange(
  t: ExecutionContext,
  server: {readonly port: number},
  ...[line, headers, body]: Parameters<Wire['send']>
): Promise<WireAnswer | undefined> {
  const wire = await openWire(t, server);
  void wire.send(line, headers, body);
  return wire.answer(line.split(' ', 1)[0]);
}

/** The code of an error answer's first error; fails for anything but the specification's form. */
export function errorCode(answer: WireAnswer | undefined): string {
  const {errors} = JSON.parse(String(answer?.body)) as {errors: [{code: string; message: string}]};
  return errors[0].code;
}

function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : `${known}, ${value}`;
  }
  return headers;
}
