/** The composition root: builds every part from the configuration, starts and stops them in order. */
import path from 'node:path';
import {openFilesystemDriver} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import type {System} from '../storage-drivers/filesystem/system.ts';
import type {ContentAdministration, IndexAdministration} from './auth/administration/context.ts';
import type {Administered} from './auth/administration/operations.ts';
import type {IsOccupied} from './auth/fact-sources.ts';
import type {SetupState} from './auth/first-admin.ts';
import type {OpenAccounts} from './auth/open-accounts.ts';
import {type DataPaths, prepareDataDirectory, readOrCreateSecret} from './config/data-directory.ts';
import type {Part} from './config/part.ts';
import type {Config} from './config/schema.ts';
import {type Clock, systemClock} from './host/clock.ts';
import {startAdministration} from './http/administration.ts';
import {followCertificate} from './http/follow-certificate.ts';
import {type Address, type Servers, startServers} from './http/servers.ts';
import {accountJobs} from './jobs/account-jobs.ts';
import type {Job} from './jobs/job.ts';
import {Periodic} from './jobs/periodic.ts';
import {reconciliation} from './jobs/reconciliation.ts';
import {unfinishedChanges} from './jobs/unfinished-changes.ts';
import {uploadExpiry} from './jobs/upload-expiry.ts';
import type {Database} from './metadata/database.ts';
import {openConfiguredDatabase} from './metadata/open-configured-database.ts';
import type {Logger} from './observability/log.ts';
import {createMetrics, type Metrics} from './observability/metrics.ts';
import {contentAdministration} from './registry/content-administration.ts';
import {createRegistry, type Registry} from './registry/registry.ts';
import {openIndex} from './registry/index/open-index.ts';
import {rememberedSize} from './registry/index/remembered-size.ts';
import {DigestThread} from './storage/digest-thread.ts';
import type {StorageDriver} from './storage/driver.ts';
import {createStores} from './storage/stores.ts';
import type {Certificates} from './tls/certificates.ts';
import {openCertificates} from './tls/open-certificates.ts';

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

interface HoldfastOptions {
  readonly log: Logger;
  /** Everything, unless set. It needs addresses of the token realm in the configuration. */
  readonly only?: Part | undefined;
  /** What a test may steer: the calls to the file system, the time of day, and the milliseconds between two runs of the housekeeping. */
  readonly system?: System;
  readonly now?: Clock;
  readonly jobInterval?: number;
}

/** What the parts are built from. */
interface Building extends HoldfastOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly now: Clock;
  /** Closes what was opened, the last first. */
  readonly stack: AsyncDisposableStack;
}

/** In milliseconds. */
const hourly = 3_600_000;
const twiceAMinute = 30_000;

export function createHoldfast(config: Config, options: HoldfastOptions): Holdfast {
  const {log, now = systemClock} = options;
  const stack = new AsyncDisposableStack();
  let servers: Servers | undefined;

  const start = async (): Promise<Started> => {
    const {paths, warnings} = await prepareDataDirectory(config);
    for (const {message, ...place} of warnings) log.warn(place, message);
    const building = {...options, config, paths, now, stack};
    const certificates = await openPair(building);
    const storage = await openStorage(building);
    const parts = {...storage, certificates};
    const accounts = await openOwnAccounts(building, parts);
    const {index, content} = storage;
    // Before the servers: at the stop they are to refuse at once, and not after this.
    await openAdministration(building, {accounts: accounts?.context, index, content});
    const running = await startServers({...building, ...parts, only: options.only, accounts});
    servers = running;
    stack.defer(async () => running.close());
    if (certificates) {
      followCertificate(certificates, {...parts, servers, access: accounts?.access});
    }
    return {setup: accounts?.setup, addresses: servers.addresses};
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
    underWay: () => servers?.underWay() ?? 0,
    stop: async () => {
      // What a start still opens would outlive the stop.
      await Promise.allSettled([starting]);
      await stack.disposeAsync();
    },
  };
}

/** `undefined`: plain HTTP. */
async function openPair({
  config: {tls, externalUrl},
  paths,
  log,
  now,
  stack,
}: Building): Promise<Certificates | undefined> {
  if (tls.mode === 'off') return undefined;
  const pair = await openCertificates({tls, directory: paths.certs, externalUrl, log, now});
  stack.defer(async () => pair.close());
  return pair;
}

interface Storage {
  readonly db: Database['db'];
  readonly driver: StorageDriver;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly index: IndexAdministration;
  readonly content: ContentAdministration;
  readonly isOccupied: IsOccupied;
}

async function openStorage(building: Building): Promise<Storage> {
  const {config, paths, only, system, log, now, stack} = building;
  const uploadSecret = await readOrCreateSecret(path.join(paths.keys, 'upload-secret'));
  const {db, close} = await openConfiguredDatabase(building);
  stack.defer(close);
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
  const stores = createStores(driver, {
    report,
    now,
    digestThread,
    rememberedSize: rememberedSize(db),
  });
  const space = async () => driver.space();
  const metrics = createMetrics(space);
  const {exclusiveCreate} = config.storage;
  const place = {root: paths.registry, exclusiveCreate, volumeId: driver.volumeId};
  const index = await openIndex({db, stores, place, metrics: metrics.index, log, now});
  stack.defer(async () => index.close());
  const options = {config, index, digestThread, uploadSecret, now, log, space};
  const registry = createRegistry(stores, options);
  stack.defer(async () => registry.statistics.close());
  const {repositories} = stores;
  if (only !== 'token') {
    repeat(building, [
      uploadExpiry({repositories, uploads: registry.uploads, log}),
      unfinishedChanges(index, {now, log}),
      await reconciliation(index, config.index.reconcileInterval),
    ]);
    // Before its job, which waits for it.
    stack.defer(async () => index.reconciling.close());
  }
  const isOccupied: IsOccupied = async (name) => repositories.holdsBelow(name);
  const content = contentAdministration({db, registry, now});
  return {driver, registry, db, metrics, index: index.administration, content, isOccupied};
}

interface Parts extends Pick<Storage, 'db' | 'isOccupied' | 'metrics'> {
  readonly certificates: Certificates | undefined;
}

/** `undefined`: auth.mode none. */
async function openOwnAccounts(
  building: Building,
  parts: Parts,
): Promise<OpenAccounts | undefined> {
  const {config, only, stack} = building;
  if (config.auth.mode === 'none') return undefined;
  const {openAccounts} = await import('./auth/open-accounts.ts');
  const accounts = await openAccounts({...building, ...parts});
  stack.defer(async () => accounts.access.close());
  if (only === 'registry') return accounts;
  const {seldom, often} = accountJobs(accounts, building);
  repeat(building, seldom);
  repeat(building, often, twiceAMinute);
  return accounts;
}

async function openAdministration(
  {config: {http}, paths, log, stack}: Building,
  administered: Administered,
): Promise<void> {
  const {drainTimeout} = http;
  const administration = await startAdministration({
    administered,
    directory: paths.run,
    drainTimeout,
    log,
  });
  stack.defer(async () => administration?.close());
}

function repeat(
  {log, stack, jobInterval = hourly}: Building,
  jobs: readonly Job[],
  interval = jobInterval,
): void {
  for (const job of jobs) {
    const periodic = new Periodic({interval, ...job, log});
    stack.defer(async () => periodic.close());
  }
}
