/** The composition root: builds every part from the configuration, starts and stops them in order. */
import {requireVolume} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import type {Administered} from './auth/administration/operations.ts';
import type {SetupState} from './auth/first-admin.ts';
import type {OpenAccounts} from './auth/open-accounts.ts';
import {dataPaths, prepareDataDirectory, runDirectory} from './config/data-directory.ts';
import type {Config} from './config/schema.ts';
import {systemClock} from './host/clock.ts';
import {startAdministration} from './http/administration.ts';
import {followCertificate} from './http/follow-certificate.ts';
import {type Address, type Servers, startServers} from './http/servers.ts';
import {accountJobs} from './jobs/account-jobs.ts';
import {byLeader} from './jobs/leadership.ts';
import {type AccessLog, openAccessLog} from './observability/access-log.ts';
import {LostLines} from './observability/lost-lines.ts';
import {standardOutput} from './observability/standard-output.ts';
import {openConfiguredTracing} from './observability/open-configured-tracing.ts';
import type {Certificates} from './tls/certificates.ts';
import {openCertificates} from './tls/open-certificates.ts';
import {type Building, type HoldfastOptions, repeat} from './building.ts';
import {openStorage, type Storage} from './open-storage.ts';

interface Started {
  readonly addresses: readonly Address[];
  /** Absent: auth.mode none. */
  readonly setup: SetupState | undefined;
}

export interface Holdfast {
  /** Resolves when requests are answered. Rejects with a ConfigError, a CertificateError or the error of a system call, and leaves nothing running. */
  start(): Promise<Started>;
  /** Files of logs that were put away are opened anew. */
  reopenLogs(): void;
  /** Requests in flight. */
  underWay(): number;
  /** Lets requests in flight finish, for as long as the configuration says. */
  stop(): Promise<void>;
}

/** In milliseconds. */
const twiceAMinute = 30_000;

export function createHoldfast(config: Config, options: HoldfastOptions): Holdfast {
  const {log, now = systemClock, lostLines = new LostLines()} = options;
  const stack = new AsyncDisposableStack();
  let servers: Servers | undefined;
  let accessLog: AccessLog | undefined;

  const start = async (): Promise<Started> => {
    const {volume} = config.storage;
    // Before anything is made: a directory that is not mounted must not be filled.
    if (volume !== undefined) await requireVolume(dataPaths(config).registry, volume);
    const {paths, warnings} = await prepareDataDirectory(config);
    for (const {message, ...place} of warnings) log.warn(place, message);
    const tracing = await openConfiguredTracing({...options, config, stack});
    const building = {...options, config, paths, now, lostLines, tracing, stack};
    accessLog = await openOwnAccessLog(building);
    const certificates = await openPair(building);
    const storage = await openStorage(building);
    const parts = {...storage, certificates};
    const accounts = await openOwnAccounts(building, parts);
    const {index, content} = storage;
    // Before the servers: at the stop they are to refuse at once, and not after this.
    await openAdministration(building, {accounts: accounts?.context, index, content});
    await options.cluster?.beforeListening();
    const running = await startServers({
      ...building,
      ...parts,
      only: options.only,
      accounts,
      accessLog,
    });
    servers = running;
    stack.defer(async () => running.close());
    // Before the servers, which would wait for those who follow what happens.
    stack.defer(() => {
      storage.notifications.feed.close();
    });
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
    reopenLogs: () => {
      accessLog?.reopen();
    },
    underWay: () => servers?.underWay() ?? 0,
    stop: async () => {
      // What a start still opens would outlive the stop.
      await Promise.allSettled([starting]);
      await stack.disposeAsync();
    },
  };
}

async function openOwnAccessLog(building: Building): Promise<AccessLog | undefined> {
  const {paths, lostLines, stack} = building;
  const {output = standardOutput(lostLines)} = building;
  const accessLog = await openAccessLog({...building, root: paths.root, output});
  // After the servers, whose last requests it has to take.
  stack.defer(async () => accessLog?.close());
  return accessLog;
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

interface Parts extends Pick<
  Storage,
  'db' | 'isOccupied' | 'metrics' | 'notifications' | 'leadership'
> {
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
  const onChange = (): void => {
    parts.notifications.wake();
  };
  const accounts = await openAccounts({...building, ...parts, onChange});
  stack.defer(async () => accounts.access.close());
  if (only === 'registry') return accounts;
  const {seldom, often} = accountJobs(accounts, building);
  const {metrics, leadership} = parts;
  repeat(
    {...building, metrics},
    seldom.map((job) => byLeader(leadership, job)),
  );
  repeat({...building, metrics}, often, twiceAMinute);
  return accounts;
}

async function openAdministration(
  {config, log, stack}: Building,
  administered: Administered,
): Promise<void> {
  const {drainTimeout} = config.http;
  const administration = await startAdministration({
    administered,
    directory: runDirectory(config),
    drainTimeout,
    log,
  });
  stack.defer(async () => administration?.close());
}
