/** The addresses of a node that does not serve: it says so, or passes requests on. */
import {setTimeout} from 'node:timers/promises';
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {DataPaths} from '../config/data-directory.ts';
import {nodeNameOf} from '../config/node-name.ts';
import type {Config} from '../config/schema.ts';
import {errorCode} from '../host/error-code.ts';
import {linger} from '../http/linger.ts';
import {type RunningServer, startServer} from '../http/server.ts';
import type {Logger} from '../observability/log.ts';
import type {Certificates} from '../tls/certificates.ts';
import {openCertificates} from '../tls/open-certificates.ts';
import {Forwarder, wasPassedOn} from './forward.ts';
import type {Holder} from './ports.ts';
import {answerHealth, answerMetrics, refuseAsStandby, type StandbyWords} from './standby-answer.ts';

interface StandbyOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly log: Logger;
  /** As far as this node knows. */
  readonly active: () => Pick<Holder, 'node'> | undefined;
}

export interface Standby {
  readonly urls: readonly string[];
  /** No new connections; what is under way is cut: it is answered from elsewhere. */
  close(): Promise<void>;
}

/** In milliseconds. The service that this node has run may still hold the addresses. */
const patience = 5000;
const betweenAttempts = 50;

/** Rejects with a CertificateError while the active node has made no pair yet, and as `listen`. */
export async function openStandby(options: StandbyOptions): Promise<Standby> {
  const {config, log} = options;
  await using stack = new AsyncDisposableStack();
  const pair = await openPair(options);
  stack.defer(async () => pair?.close());
  const forwarder = new Forwarder({
    node: nodeNameOf(config),
    idleTimeout: config.http.bodyIdleTimeout,
    trusted: () => (pair ? [pair.current().cert] : []),
  });
  stack.defer(() => {
    forwarder.close();
  });
  const listen = config.ui.enabled ? config.ui.listen : [];
  const server = await listenPatiently(async () =>
    startServer({
      addresses: [...config.http.listen, ...config.token.listen, ...listen],
      handle: async (request, response) => answer(options, forwarder, request, response),
      limits: {...config.http, drainTimeout: 0},
      log,
      ...(pair ? {tls: {pair: pair.current(), minVersion: config.tls.minVersion}} : {}),
    }),
  );
  stack.defer(async () => server.close());
  const ofMetrics = await listenPatiently(async () =>
    startServer({
      addresses: config.metrics.listen,
      handle: answerMetrics,
      limits: {...config.http, drainTimeout: 0},
      log,
    }),
  );
  stack.defer(async () => ofMetrics.close());
  pair?.onChange((now) => {
    server.useKeyPair(now);
  });
  const opened = stack.move();
  return {urls: server.urls, close: async () => opened.disposeAsync()};
}

async function listenPatiently(listen: () => Promise<RunningServer>): Promise<RunningServer> {
  const end = performance.now() + patience;
  for (;;) {
    try {
      return await listen();
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE' || performance.now() > end) throw error;
    }
    await setTimeout(betweenAttempts);
  }
}

/** That of the active node, which makes and renews it; this one only reads it. */
async function openPair({config, paths, log}: StandbyOptions): Promise<Certificates | undefined> {
  const {tls, externalUrl} = config;
  if (tls.mode === 'off') return undefined;
  return openCertificates({
    tls: {...tls, mode: 'files'},
    directory: paths.certs,
    externalUrl,
    log,
  });
}

async function answer(
  {config, active, log}: StandbyOptions,
  forwarder: Forwarder,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const holder = active()?.node;
  const words: StandbyWords = {
    node: nodeNameOf(config),
    active: holder?.name,
    retryAfter: Math.max(1, Math.ceil(config.cluster.leaseTime / 1000)),
  };
  const [path = ''] = (request.url ?? '').split('?');
  if (answerHealth(path, words, response)) return;
  const address = holder?.address;
  if (config.cluster.standby === 'forward' && address !== undefined && !wasPassedOn(request)) {
    try {
      await forwarder.pass(address, request, response);
      return;
    } catch (error) {
      log.warn({err: error, active: holder?.name}, 'request not passed on to the active node');
      if (response.headersSent) {
        response.destroy();
        return;
      }
    }
  }
  const {headers} = request;
  const hasBody = 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
  if (hasBody) response.shouldKeepAlive = false;
  refuseAsStandby(words, response);
  // Closed at once the connection would be reset, and the answer lost.
  if (hasBody) {
    response.once('finish', () => {
      linger(request.resume().socket);
    });
  }
}
