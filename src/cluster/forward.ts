/** Passes requests on to the active node, byte by byte in both directions. */
import http, {type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import https from 'node:https';
import {pipeline} from 'node:stream/promises';
import tls from 'node:tls';

/** Of one connection, and not of what is passed on. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Names who passed it on: two nodes that believe of each other that they are active must not do it for ever. */
const passedOnBy = 'holdfast-passed-on-by';
/** In milliseconds: so long the active node may be silent before it has answered. */
const connectTimeout = 5000;

export const wasPassedOn = ({headers}: IncomingMessage): boolean => passedOnBy in headers;

interface ForwarderOptions {
  readonly node: string;
  /** In milliseconds: a connection on which nothing comes or goes is ended. */
  readonly idleTimeout: number;
  /** PEM: certificates of which one is the other node's, or has signed it, where no known authority has. */
  readonly trusted: () => readonly string[];
}

export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #plain = new http.Agent({keepAlive: true});
  #secure: {readonly agent: https.Agent; readonly trusted: string} | undefined;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  /** Resolves when the answer has been given. Rejects where nothing has been answered yet, and something else may be said. */
  async pass(address: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(address);
    const isSecure = target.protocol === 'https:';
    const asked = (isSecure ? https : http).request({
      agent: isSecure ? this.#agent() : this.#plain,
      host: target.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: target.port === '' ? (isSecure ? 443 : 80) : Number(target.port),
      method: request.method,
      path: `${target.pathname.replace(/\/$/, '')}${request.url ?? '/'}`,
      headers: this.#headersOf(request),
      setHost: false,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
    });
    asked.setTimeout(this.#options.idleTimeout, () => asked.destroy(new Error('silence')));
    asked.once('socket', (socket) => {
      if (!socket.connecting) return;
      const late = setTimeout(() => asked.destroy(new Error('no connection')), connectTimeout);
      for (const event of ['connect', 'close'] as const)
        socket.once(event, () => {
          clearTimeout(late);
        });
    });
    const leaves = (): void => void asked.destroy();
    response.once('close', leaves);
    try {
      void this.#send(request, response, asked);
      await receive(await answered, response);
    } finally {
      response.off('close', leaves);
    }
  }

  close(): void {
    this.#plain.destroy();
    this.#secure?.agent.destroy();
  }

  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    asked: http.ClientRequest,
  ): Promise<void> {
    if (request.headers.expect !== undefined && !(await mayContinue(asked))) return;
    if (request.headers.expect !== undefined) response.writeContinue();
    // An answer before the end of the body ends the sending: that is no fault.
    await pipeline(request, asked).catch(() => undefined);
  }

  #headersOf(request: IncomingMessage): IncomingHttpHeaders {
    const {headers, socket} = request;
    const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
    const passed = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.has(name)),
    );
    const from = headers['x-forwarded-for'];
    return {
      ...passed,
      // Node would send a body of unknown length without saying so.
      ...(headers['transfer-encoding'] === undefined ? {} : {'transfer-encoding': 'chunked'}),
      'x-forwarded-for': [from, socket.remoteAddress].filter(Boolean).join(', '),
      'x-forwarded-proto':
        headers['x-forwarded-proto'] ?? (socket instanceof tls.TLSSocket ? 'https' : 'http'),
      'x-forwarded-host': headers['x-forwarded-host'] ?? headers.host,
      [passedOnBy]: this.#options.node,
    };
  }

  /** Whose name its certificate has does not count: where it is, that the nodes tell each other on a volume of their own. */
  #agent(): https.Agent {
    const trusted = this.#options.trusted();
    const text = trusted.join('\n');
    if (this.#secure?.trusted === text) return this.#secure.agent;
    this.#secure?.agent.destroy();
    const agent = new https.Agent({
      keepAlive: true,
      ca: [...tls.rootCertificates, ...trusted],
      allowPartialTrustChain: true,
      checkServerIdentity: () => undefined,
    });
    this.#secure = {agent, trusted: text};
    return agent;
  }
}

async function receive(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const {rawHeaders, statusCode = 502} = answer;
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, value);
  }
  if (!response.req.complete) response.shouldKeepAlive = false;
  response.writeHead(statusCode, kept);
  // What breaks off there breaks off here: nobody may take half an answer for a whole one.
  await pipeline(answer, response).catch(() => {
    response.destroy();
  });
}

/** False: it is answered without the body. */
async function mayContinue(asked: http.ClientRequest): Promise<boolean> {
  const {promise, resolve} = Promise.withResolvers<boolean>();
  asked.once('continue', () => {
    resolve(true);
  });
  for (const event of ['response', 'close'])
    asked.once(event, () => {
      resolve(false);
    });
  asked.flushHeaders();
  return promise;
}
