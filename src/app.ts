/** The composition root: builds every part from the configuration, starts and stops them in order. */
import path from 'node:path';
import {openFilesystemDriver} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import type {System} from '../storage-drivers/filesystem/system.ts';
import {openAccess} from './auth/access.ts';
import {FirstAdmin, type SetupState} from './auth/first-admin.ts';
import {PasswordHasher} from './auth/password-hash.ts';
import {SignUp} from './auth/sign-up.ts';
import {prepareDataDirectory, readOrCreateSecret} from './config/data-directory.ts';
import type {Config} from './config/schema.ts';
import {startAdministration} from './http/administration.ts';
import {metricsApplication, registryApplication, tokenApplication} from './http/application.ts';
import {accountsCheck, certificateCheck, storageCheck} from './http/health.ts';
import {type RunningServer, startServer, urlsOf} from './http/server.ts';
import {accessExpiry} from './jobs/access-expiry.ts';
import {Periodic, type PeriodicOptions} from './jobs/periodic.ts';
import {uploadExpiry} from './jobs/upload-expiry.ts';
import type {Logger} from './observability/log.ts';
import {createMetrics} from './observability/metrics.ts';
import {createRegistry} from './registry/registry.ts';
import {DigestThread} from './storage/digest-thread.ts';
import {createStores} from './storage/stores.ts';
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
  /** Lets requests in flight finish, for as long as the configuration says. */
  stop(): Promise<void>;
}

/** What this process is of the whole; the rest is another's, on the same data directory. */
export type Part = 'token' | 'registry';

interface HoldfastOptions {
  readonly log: Logger;
  /** Everything, unless set. It needs addresses of the token realm in the configuration. */
  readonly only?: Part | undefined;
  /** What a test may steer: the calls to the file system, and the time of day. */
  readonly system?: System;
  readonly now?: () => Date;
}

const expiryInterval = 3_600_000;

export function createHoldfast(
  config: Config,
  {log, only, system, now = () => new Date()}: HoldfastOptions,
): Holdfast {
  const stack = new AsyncDisposableStack();

  const start = async () => {
    const {paths, warnings} = await prepareDataDirectory(config);
    for (const {message, ...place} of warnings) log.warn(place, message);
    const uploadSecret = await readOrCreateSecret(path.join(paths.keys, 'upload-secret'));
    const certificates =
      config.tls.mode === 'off'
        ? undefined
        : await openCertificates({
            tls: config.tls,
            directory: paths.certs,
            externalUrl: config.externalUrl,
            log,
            now,
          });
    stack.defer(async () => certificates?.close());

    const driver = await openFilesystemDriver({
      root: paths.registry,
      exclusiveCreate: config.storage.exclusiveCreate,
      // The realm asks what is there: a name that is in use is not given away.
      isReader: only === 'token',
      ...(system ? {system} : {}),
    });
    stack.defer(async () => driver.close());
    const report = (key: string, finding: string) => {
      log.error({key, finding}, 'damaged content found');
    };
    const digestThread = new DigestThread();
    stack.defer(async () => digestThread.close());
    const stores = createStores(driver, {report, now, digestThread});
    const space = async () => driver.space();
    const registry = createRegistry(stores, {config, digestThread, uploadSecret, now, space});

    const {repositories} = stores;
    const {uploads} = registry;
    const repeat = (job: Pick<PeriodicOptions, 'name' | 'work'>): void => {
      const periodic = new Periodic({...job, log, interval: expiryInterval});
      stack.defer(async () => periodic.close());
    };
    if (only !== 'token') repeat(uploadExpiry({repositories, uploads, log}));

    const hasher = new PasswordHasher();
    const metrics = createMetrics(space);
    const isOccupied = async (name: string) => repositories.holdsBelow(name);
    const access =
      config.auth.mode === 'none'
        ? undefined
        : await openAccess({
            config,
            paths,
            certificates,
            isOccupied,
            hasher,
            metrics,
            log,
            now,
          });
    stack.defer(async () => access?.close());
    if (access && only !== 'registry') repeat(accessExpiry({db: access.db, log, now}));
    const administered = access && {
      db: access.db,
      config,
      hasher,
      keys: () => Promise.resolve(access.keys),
      isOccupied,
      onChange: () => {
        access.accountsChanged();
      },
      now,
    };
    const accounts = administered && {
      firstAdmin: new FirstAdmin({...administered, directory: paths.run, log}),
      signUp: new SignUp({...administered, log}),
    };
    const setup = await accounts?.firstAdmin.prepare();

    const checks = [
      ...(only === 'token' ? [] : [storageCheck(driver)]),
      certificateCheck(() => certificates?.current().expiresAt),
      ...(access ? [accountsCheck(access.generations)] : []),
    ];
    const options = {config, registry, metrics, checks, access, accounts, log};
    const tls = certificates && {pair: certificates.current(), minVersion: config.tls.minVersion};
    const servers: RunningServer[] = [];
    // Together: a slow reader of the metrics must not keep the registry open meanwhile.
    stack.defer(async () => {
      await Promise.all(servers.map(async (server) => server.close()));
    });
    const common = {limits: config.http, log};
    const secured = {...common, ...(tls ? {tls} : {})};
    // Before the registry, which tells its addresses.
    const realm = await startServer({
      ...secured,
      addresses: access && only !== 'registry' ? config.token.listen : [],
      handle: tokenApplication(options),
    });
    servers.push(realm);
    const main = await startServer({
      ...secured,
      addresses: only === 'token' ? [] : config.http.listen,
      handle: registryApplication({
        ...options,
        realmUrls: only === 'registry' ? urlsOf(config.token.listen, secured) : realm.urls,
      }),
    });
    servers.push(main);
    const aside = await startServer({
      addresses: config.metrics.listen,
      handle: metricsApplication(options),
      ...common,
    });
    servers.push(aside);

    const useCertificate = ({expiresAt}: {readonly expiresAt: Date}): void => {
      metrics.certificateExpiry.set(expiresAt.getTime() / 1000);
    };
    if (certificates) {
      useCertificate(certificates.current());
      certificates.onChange((pair) => {
        useCertificate(pair);
        main.useKeyPair(pair);
        realm.useKeyPair(pair);
        void access?.keys.refresh();
      });
    }
    if (administered) {
      const context = administered;
      const administration = await startAdministration({context, directory: paths.run, log});
      stack.defer(async () => administration?.close());
    }
    return {
      setup,
      addresses: [
        ...addresses('registry', main),
        ...addresses('token', realm),
        ...addresses('metrics', aside),
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
    stop: async () => {
      // What a start still opens would outlive the stop.
      await Promise.allSettled([starting]);
      await stack.disposeAsync();
    },
  };
}

const addresses = (purpose: Address['purpose'], server: RunningServer): readonly Address[] =>
  server.urls.map((url) => ({purpose, url}));
