/** The servers of one process: the registry, the token realm and the metrics, each on its addresses. */
import type {IndexAdministration} from '../auth/administration/context.ts';
import type {OpenAccounts} from '../auth/open-accounts.ts';
import {ConfigError} from '../config/fault.ts';
import type {Part} from '../config/part.ts';
import type {Config} from '../config/schema.ts';
import type {PassedSockets} from '../host/passed-sockets.ts';
import type {Database} from '../metadata/database.ts';
import type {AccessLog} from '../observability/access-log.ts';
import type {Logger} from '../observability/log.ts';
import type {Tracing} from '../observability/tracing.ts';
import type {Notifications} from '../notifications/open-notifications.ts';
import type {Metrics} from '../observability/metrics.ts';
import type {Registry} from '../registry/registry.ts';
import type {StorageDriver} from '../storage/driver.ts';
import type {Certificates} from '../tls/certificates.ts';
import {
  metricsApplication,
  registryApplication,
  tokenApplication,
  uiApplication,
} from './application.ts';
import type {RunningOptions} from './api/server-options.ts';
import {askReadiness, readinessChecks} from './health.ts';
import {findPages} from './ui/built-pages.ts';
import {type KeyPair, type RunningServer, startServer, urlsOf} from './server.ts';

export interface Address {
  readonly purpose: 'registry' | 'ui' | 'token' | 'metrics';
  readonly url: string;
}

export interface Servers {
  readonly addresses: readonly Address[];
  /** New connections get this pair; those that are open go on. */
  useKeyPair(pair: KeyPair): void;
  /** Requests in flight. */
  underWay(): number;
  /** Lets requests in flight finish, as each server does. */
  close(): Promise<void>;
}

interface ServersOptions {
  readonly config: Config;
  readonly driver: StorageDriver;
  readonly db: Database['db'];
  readonly now: () => Date;
  /** Where each setting comes from. Absent: a program has made the configuration. */
  readonly loaded?: RunningOptions['loaded'];
  readonly registry: Registry;
  readonly index: IndexAdministration;
  /** Absent: auth.mode none. */
  readonly accounts: OpenAccounts | undefined;
  /** Absent: plain HTTP. */
  readonly certificates: Certificates | undefined;
  /** Those that the service manager has opened. */
  readonly sockets?: PassedSockets;
  readonly only: Part | undefined;
  readonly metrics: Metrics;
  /** Absent: requests stand in the log alone. */
  readonly accessLog: AccessLog | undefined;
  /** Absent: no traces. */
  readonly tracing: Tracing | undefined;
  readonly notifications: Notifications;
  readonly log: Logger;
}

/** Rejects with the error of `listen`, which names the address, or a ConfigError where a socket is for nobody; then nothing listens. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const {
    config,
    db,
    now,
    registry,
    accounts,
    certificates,
    sockets,
    only,
    metrics,
    accessLog,
    tracing,
    notifications,
    log,
  } = options;
  const access = accounts?.access;
  const application = {
    config,
    db,
    now,
    registry,
    metrics,
    accessLog,
    tracing,
    notifications,
    running: {
      index: options.index,
      driver: options.driver,
      certificates,
      loaded: options.loaded,
      startedAt: now(),
      now,
    },
    askReadiness: askReadiness(
      readinessChecks({
        ...options,
        reserve: config.storage.reserve,
        maxBacklog: config.notifications.maxBacklog,
        access,
      }),
    ),
    access,
    accounts: accounts?.accounts,
    pages: config.ui.enabled ? findPages() : undefined,
    log,
  };
  const plain = {limits: config.http, log, sockets};
  const tls = certificates && {pair: certificates.current(), minVersion: config.tls.minVersion};
  const secured = {...plain, ...(tls ? {tls} : {})};
  await using stack = new AsyncDisposableStack();
  const serve = async (server: Parameters<typeof startServer>[0]): Promise<RunningServer> => {
    const running = await startServer(server);
    stack.defer(async () => running.close());
    return running;
  };
  // Before the registry, which tells its addresses.
  const realm = await serve({
    ...secured,
    addresses: access && only !== 'registry' ? config.token.listen : [],
    handle: tokenApplication(application),
  });
  const realmUrls = only === 'registry' ? urlsOf(config.token.listen, secured) : realm.urls;
  const main = await serve({
    ...secured,
    addresses: only === 'token' ? [] : config.http.listen,
    handle: registryApplication({...application, realmUrls}),
  });
  const ofPages = await serve({
    ...secured,
    addresses: config.ui.enabled && only === undefined ? config.ui.listen : [],
    handle: uiApplication({...application, registryUrls: main.urls}),
  });
  const ofMetrics = await serve({
    ...plain,
    addresses: config.metrics.listen,
    handle: metricsApplication(application),
  });
  const left = sockets?.left ?? [];
  if (left.length > 0) {
    throw new ConfigError(left.map((message) => ({path: 'a socket passed by systemd', message})));
  }
  stack.move();
  const all = [main, realm, ofPages, ofMetrics];
  return {
    addresses: [
      ...addresses('registry', main),
      ...addresses('ui', ofPages),
      ...addresses('token', realm),
      ...addresses('metrics', ofMetrics),
    ],
    useKeyPair: (pair) => {
      main.useKeyPair(pair);
      realm.useKeyPair(pair);
      ofPages.useKeyPair(pair);
    },
    underWay: () => all.reduce((sum, server) => sum + server.underWay(), 0),
    close: async () => {
      // Together: a slow reader of the metrics must not keep the registry open meanwhile.
      await Promise.all(all.map(async (server) => server.close()));
    },
  };
}

const addresses = (purpose: Address['purpose'], {urls}: RunningServer): readonly Address[] =>
  urls.map((url) => ({purpose, url}));
