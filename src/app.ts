/** The composition root: builds every part from the configuration, starts and stops them in order. */
import path from 'node:path';
import {openFilesystemDriver} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import type {System} from '../storage-drivers/filesystem/system.ts';
import type {Access} from './auth/access.ts';
import type {IsOccupied} from './auth/fact-sources.ts';
import type {SetupState} from './auth/first-admin.ts';
import type {OpenAccounts} from './auth/open-accounts.ts';
import {type DataPaths, prepareDataDirectory, readOrCreateSecret} from './config/data-directory.ts';
import type {Config} from './config/schema.ts';
import {startAdministration} from './http/administration.ts';
import {metricsApplication, registryApplication, tokenApplication} from './http/application.ts';
import {accountsCheck, certificateCheck, providerCheck, storageCheck} from './http/health.ts';
import {type RunningServer, startServer, urlsOf} from './http/server.ts';
import {accessExpiry} from './jobs/access-expiry.ts';
import {departures} from './jobs/departures.ts';
import {Periodic, type PeriodicOptions} from './jobs/periodic.ts';
import {providerWatch} from './jobs/provider-watch.ts';
import {uploadExpiry} from './jobs/upload-expiry.ts';
import type {Logger} from './observability/log.ts';
import {createMetrics, type Metrics} from './observability/metrics.ts';
import {createRegistry, type Registry} from './registry/registry.ts';
import {DigestThread} from './storage/digest-thread.ts';
import type {Space} from './storage/driver.ts';
import {createStores} from './storage/stores.ts';
import type {Certificates} from './tls/certificates.ts';
import {openCertificates} from './tls/open-certificates.ts';

interface Address {
  readonly purpose: 'registry' | 'token' | 'metrics';
  readonly url: string;
}

interface Started {
  readonly addresses: readonly Address[];
  /** Absent: auth.mode none. */
  readonly setup: SetupState | undefined;
}

export interface Holdfast {
  /** Resolves when requests are answered. Rejects with a ConfigError, a CertificateError or the error of a system call, and leaves nothing running. */
  start(): Promise<Started>;
  /** Requests in flight. */
  underWay(): number;
  /** Lets requests in flight finish, for as long as the configuration says. */
  stop(): Promise<void>;
}

/** What this process is of the whole; the rest is another's, on the same data directory. */
export type Part = 'token' | 'registry';

interface HoldfastOptions {
  readonly log: Logger;
  /** Everything, unless set. It needs addresses of the token realm in the configuration. */
  readonly only?: Part | undefined;
  /** What a test may steer: the calls to the file system, the time of day, and the milliseconds between two runs of the housekeeping. */
  readonly system?: System;
  readonly now?: () => Date;
  readonly jobInterval?: number;
}

/** What the parts are built from. */
interface Building extends HoldfastOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly certificates: Certificates | undefined;
  readonly now: () => Date;
  /** Closes what was opened, the last first. */
  readonly stack: AsyncDisposableStack;
}

/** In milliseconds. */
const hourly = 3_600_000;
const providerInterval = 30_000;

export function createHoldfast(config: Config, options: HoldfastOptions): Holdfast {
  const {log, now = () => new Date()} = options;
  const stack = new AsyncDisposableStack();
  const running: RunningServer[] = [];

  const start = async (): Promise<Started> => {
    const {paths, warnings} = await prepareDataDirectory(config);
    for (const {message, ...place} of warnings) log.warn(place, message);
    const certificates = await openPair({config, paths, log, now});
    stack.defer(async () => certificates?.close());
    const building = {...options, config, paths, certificates, now, stack};
    const storage = await openStorage(building);
    const metrics = createMetrics(storage.space);
    const accounts = await openAccounts(building, {storage, metrics});
    const servers = await listen(building, {storage, metrics, accounts}, running);
    followCertificate(building, {metrics, access: accounts?.access, servers});
    if (accounts) {
      const {context} = accounts;
      const administration = await startAdministration({
        context,
        directory: paths.run,
        drainTimeout: config.http.drainTimeout,
        log,
      });
      stack.defer(async () => administration?.close());
    }
    return {
      setup: accounts?.setup,
      addresses: [
        ...addresses('registry', servers.registry),
        ...addresses('token', servers.realm),
        ...addresses('metrics', servers.metrics),
      ],
    };
  };

  let starting: ReturnType<typeof start> | undefined;
  return {
    start: async () => {
      starting = start();
      try {
        return await starting;
      } catch (error) {
        await stack.disposeAsync();
        throw error;
      }
    },
    underWay: () => running.reduce((sum, server) => sum + server.underWay(), 0),
    stop: async () => {
      // What a start still opens would outlive the stop.
      await Promise.allSettled([starting]);
      await stack.disposeAsync();
    },
  };
}

const addresses = (purpose: Address['purpose'], server: RunningServer): readonly Address[] =>
  server.urls.map((url) => ({purpose, url}));

async function openPair({
  config: {tls, externalUrl},
  paths,
  log,
  now,
}: Pick<Building, 'config' | 'paths' | 'log' | 'now'>): Promise<Certificates | undefined> {
  if (tls.mode === 'off') return undefined;
  return openCertificates({tls, directory: paths.certs, externalUrl, log, now});
}

interface Storage {
  readonly driver: Awaited<ReturnType<typeof openFilesystemDriver>>;
  readonly registry: Registry;
  readonly space: () => Promise<Space>;
  readonly isOccupied: IsOccupied;
}

async function openStorage(building: Building): Promise<Storage> {
  const {config, paths, only, system, log, now, stack} = building;
  const uploadSecret = await readOrCreateSecret(path.join(paths.keys, 'upload-secret'));
  const driver = await openFilesystemDriver({
    root: paths.registry,
    exclusiveCreate: config.storage.exclusiveCreate,
    // The realm asks what is there: a name that is in use is not given away.
    isReader: only === 'token',
    ...(system ? {system} : {}),
  });
  stack.defer(async () => driver.close());
  const digestThread = new DigestThread();
  stack.defer(async () => digestThread.close());
  const report = (key: string, finding: string) => {
    log.error({key, finding}, 'damaged content found');
  };
  const stores = createStores(driver, {report, now, digestThread});
  const space = async () => driver.space();
  const registry = createRegistry(stores, {config, digestThread, uploadSecret, now, space});
  const {repositories} = stores;
  if (only !== 'token')
    repeat(building, uploadExpiry({repositories, uploads: registry.uploads, log}));
  return {driver, registry, space, isOccupied: async (name) => repositories.holdsBelow(name)};
}

interface Parts {
  readonly storage: Storage;
  readonly metrics: Metrics;
}

/** `undefined`: auth.mode none. */
async function openAccounts(
  building: Building,
  {storage: {isOccupied}, metrics}: Parts,
): Promise<OpenAccounts | undefined> {
  const {config, paths, certificates, only, log, now, stack} = building;
  if (config.auth.mode === 'none') return undefined;
  const {openAccounts: open} = await import('./auth/open-accounts.ts');
  const accounts = await open({
    config,
    paths,
    certificates,
    isOccupied,
    metrics,
    log,
    now,
  });
  const {access, context} = accounts;
  stack.defer(async () => access.close());
  if (only === 'registry') return accounts;
  const {db, providers, dependencies} = access;
  repeat(building, accessExpiry({db, log, now}));
  repeat(building, departures({db, providers, onChange: context.onChange, log, now}));
  if (dependencies.length > 0) repeat(building, providerWatch(dependencies), providerInterval);
  return accounts;
}

interface Servers {
  readonly registry: RunningServer;
  readonly realm: RunningServer;
  readonly metrics: RunningServer;
}

async function listen(
  {config, certificates, only, log, stack}: Building,
  {
    storage: {driver, registry},
    metrics,
    accounts,
  }: Parts & {readonly accounts: OpenAccounts | undefined},
  running: RunningServer[],
): Promise<Servers> {
  const access = accounts?.access;
  const checks = [
    ...(only === 'token' ? [] : [storageCheck(driver)]),
    certificateCheck(() => certificates?.current().expiresAt),
    ...(access ? [accountsCheck(access.generations)] : []),
    ...(access?.dependencies ?? []).map(providerCheck),
  ];
  const application = {config, registry, metrics, checks, access, log};
  const options = {...application, accounts: accounts?.accounts};
  const plain = {limits: config.http, log};
  const tls = certificates && {pair: certificates.current(), minVersion: config.tls.minVersion};
  const secured = {...plain, ...(tls ? {tls} : {})};
  // Together: a slow reader of the metrics must not keep the registry open meanwhile.
  stack.defer(async () => {
    await Promise.all(running.map(async (server) => server.close()));
  });
  const serve = async (server: Parameters<typeof startServer>[0]): Promise<RunningServer> => {
    const started = await startServer(server);
    running.push(started);
    return started;
  };
  // Before the registry, which tells its addresses.
  const realm = await serve({
    ...secured,
    addresses: access && only !== 'registry' ? config.token.listen : [],
    handle: tokenApplication(options),
  });
  const realmUrls = only === 'registry' ? urlsOf(config.token.listen, secured) : realm.urls;
  return {
    realm,
    registry: await serve({
      ...secured,
      addresses: only === 'token' ? [] : config.http.listen,
      handle: registryApplication({...options, realmUrls}),
    }),
    metrics: await serve({
      ...plain,
      addresses: config.metrics.listen,
      handle: metricsApplication(options),
    }),
  };
}

function followCertificate(
  {certificates}: Building,
  {
    metrics,
    access,
    servers,
  }: {
    readonly metrics: Metrics;
    readonly access: Access | undefined;
    readonly servers: Servers;
  },
): void {
  if (!certificates) return;
  const note = ({expiresAt}: {readonly expiresAt: Date}): void => {
    metrics.certificateExpiry.set(expiresAt.getTime() / 1000);
  };
  note(certificates.current());
  certificates.onChange((pair) => {
    note(pair);
    servers.registry.useKeyPair(pair);
    servers.realm.useKeyPair(pair);
    void access?.keys.refresh();
  });
}

function repeat(
  {log, stack, jobInterval = hourly}: Building,
  job: Pick<PeriodicOptions, 'name' | 'work'>,
  interval = jobInterval,
): void {
  const periodic = new Periodic({...job, log, interval});
  stack.defer(async () => periodic.close());
}
