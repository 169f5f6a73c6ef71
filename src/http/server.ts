/** Listeners: one HTTP or HTTPS server for each address, all serving one application. */
import http from 'node:http';
import https from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import type {Config} from '../config/schema.ts';
import type {ListenAddress} from '../config/units.ts';
import type {PassedSockets} from '../host/passed-sockets.ts';
import type {Log} from '../observability/log.ts';
import {Connections} from './connections.ts';
import {refuse} from './refuse.ts';
import {expectContinue} from './request-body.ts';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Resolves when the work on the request has ended; the answer may still be on its way. */
export type Handle = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => Promise<void> | void;

interface ServerOptions {
  readonly addresses: readonly ListenAddress[];
  readonly handle: Handle;
  /** Those that are open already, for some of the addresses. */
  readonly sockets?: PassedSockets | undefined;
  readonly limits: Config['http'];
  readonly log: Log;
  /** Absent: plain HTTP. */
  readonly tls?: {readonly pair: KeyPair; readonly minVersion: Config['tls']['minVersion']};
}

export interface RunningServer {
  /** With the names and ports that are in use, such as `https://localhost:5000`. */
  readonly urls: readonly string[];
  /** New connections get this pair; those that are open go on. */
  useKeyPair(pair: KeyPair): void;
  /** Requests in flight. */
  underWay(): number;
  /** Refuses new connections, lets requests in flight finish for `drainTimeout` milliseconds, then cuts them. */
  close(): Promise<void>;
}

/** Rejects with the error of `listen`, which names the address; then nothing listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const listeners: Listener[] = [];
  try {
    for (const address of options.addresses) {
      let {port} = address;
      for (const host of expand(address.host)) {
        const listener = await listen(options, {host, port});
        if (!listener) continue;
        listeners.push(listener);
        port = listener.port;
      }
    }
  } catch (error) {
    await Promise.all(listeners.map(async (listener) => listener.close(0)));
    throw error;
  }
  const used = options.addresses.flatMap(({host}) =>
    listeners
      .filter((listener) => expand(host).includes(listener.host))
      .map(({port}) => ({host, port})),
  );
  return {
    urls: [...new Set(urlsOf(used, options))],
    useKeyPair: (pair) => {
      for (const {server} of listeners) {
        if (server instanceof https.Server)
          server.setSecureContext({...pair, minVersion: options.tls?.minVersion});
      }
    },
    underWay: () => listeners.reduce((sum, listener) => sum + listener.underWay(), 0),
    close: async () => {
      await Promise.all(
        listeners.map(async (listener) => listener.close(options.limits.drainTimeout)),
      );
    },
  };
}

type Answer = http.ServerResponse & {req: http.IncomingMessage};

interface Listener {
  readonly host: string;
  readonly port: number;
  readonly server: http.Server | https.Server;
  underWay(): number;
  close(drainTimeout: number): Promise<void>;
}

const expand = (host: string): readonly string[] =>
  host === 'localhost' ? ['127.0.0.1', '::1'] : [host];

/** Such as `https://[::1]:5000`. */
export function urlsOf(
  addresses: readonly ListenAddress[],
  {tls}: Pick<ServerOptions, 'tls'>,
): readonly string[] {
  const scheme = tls ? 'https' : 'http';
  return addresses.map(({host, port}) => {
    const shown = host.includes(':') ? `[${host}]` : host;
    return `${scheme}://${shown}:${port}`;
  });
}

/** `undefined`: this host has no IPv6, which is no fault where `localhost` was asked for, or all of IPv4 beside it. */
async function listen(
  {addresses, handle, sockets, limits, log, tls}: ServerOptions,
  {host, port}: ListenAddress,
): Promise<Listener | undefined> {
  const server = createServer(limits, tls);
  const connections = new Connections(server);
  const onRequest: http.RequestListener = (request, response) => {
    // Node loses what the client has sent behind a request to upgrade: it has to learn that nobody will answer it.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    connections.take(response, async () => {
      if (hasOneHost(request)) await handle(request, response);
      else refuse(request.socket, 'HOST', request.method);
    });
  };
  server.on('request', onRequest);
  server.on('checkContinue', (request: http.IncomingMessage, response: Answer) => {
    expectContinue(request);
    onRequest(request, response);
  });
  server.on('checkExpectation', (request: http.IncomingMessage, response: Answer) => {
    connections.take(response, () => {
      refuse(request.socket, 'EXPECT', request.method);
    });
  });
  server.on('connect', (_request, socket: Socket) => {
    if (connections.isAnswering(socket)) socket.destroy();
    else refuse(socket.resume(), 'CONNECT');
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // In the middle of a download a refusal would look like a part of it.
    if (error.code === 'ERR_SSL_HTTP_REQUEST') {
      // Plain HTTP instead of a handshake: what was said below TLS is answered there.
      const below = connections.below(socket);
      if (below) refuse(below, error.code);
    } else if (error.code === 'ECONNRESET' || connections.isAnswering(socket)) socket.destroy();
    else refuse(socket, error.code);
  });
  const isListening = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
      const isSpare =
        host === '::1' ||
        (host === '::' &&
          addresses.some((other) => other.host === '0.0.0.0' && other.port === port));
      if (isMissing && isSpare) resolve(false);
      else reject(error);
    });
    const listening = (): void => {
      resolve(true);
    };
    const passed = sockets?.take({host, port});
    if (passed) server.listen(passed, listening);
    else server.listen({host, port, ipv6Only: host.includes(':')}, listening);
  });
  if (!isListening) return undefined;
  server.on('error', outliveErrors(log));
  return {
    host,
    port: (server.address() as AddressInfo).port,
    server,
    underWay: () => connections.underWay,
    close: async (drainTimeout) =>
      connections.drain(drainTimeout, {isBehindProxy: limits.trustedProxies.length > 0}),
  };
}

/** Node would answer a request without one with no body, and take the first of several. HTTP/1.0 needs none. */
function hasOneHost({rawHeaders, httpVersion}: http.IncomingMessage): boolean {
  const hosts = rawHeaders.filter((text, at) => at % 2 === 0 && /^host$/i.test(text)).length;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

/** Out of descriptors, the system refuses one connection after the other; that is no reason to end, or to fill the log. */
function outliveErrors(log: Log): (error: Error) => void {
  let next = 0;
  return (error) => {
    if (performance.now() < next) return;
    next = performance.now() + 1000;
    log.error({err: error}, 'connection not accepted');
  };
}

function createServer(
  limits: Config['http'],
  tls: ServerOptions['tls'],
): http.Server | https.Server {
  const options = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeout,
    connectionsCheckingInterval: Math.min(5000, limits.headersTimeout),
    keepAliveTimeout: limits.keepAliveTimeout,
    requireHostHeader: false,
    // A push may take hours; silence is what ends it.
    requestTimeout: 0,
    // Of a body that waits for its turn; more of it is fresh memory, where what is read and taken at once is used again.
    highWaterMark: 256 * 1024,
  };
  if (!tls) return http.createServer(options);
  const {pair, minVersion} = tls;
  return https.createServer({
    ...options,
    ...pair,
    minVersion,
    handshakeTimeout: limits.headersTimeout,
  });
}
