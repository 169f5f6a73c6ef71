/** Opens what the operations work on for one command, where no server runs. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {readIndexStatus} from '../metadata/content/index-status.ts';
import {openConfiguredDatabase} from '../metadata/open-configured-database.ts';
import {AdministrationError} from './administration/administration-error.ts';
import type {AdministrationContext, IndexContext} from './administration/context.ts';
import {BcryptThread} from './bcrypt-thread.ts';
import {hasRecords} from './keys/records.ts';
import type {Log} from '../observability/log.ts';
import {ImportProgress} from './import-progress.ts';
import {nameFinder} from './names-elsewhere.ts';
import {openConfiguredKeys} from './open-configured-keys.ts';
import {PasswordHasher} from './password-hash.ts';
import {openHtpasswd} from './providers/htpasswd.ts';
import {remoteProviders} from './remote-providers.ts';
import type {SigningKeys} from './signing-keys.ts';

export interface OpenAdministration extends AsyncDisposable {
  readonly context: AdministrationContext & IndexContext;
}

interface OpenAdministrationOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  /** No key is made. */
  readonly readsOnly: boolean;
  readonly log: Log;
}

/** Rejects with a MetadataError, or with a ConfigError where a CA file can't be read. */
export async function openAdministration({
  config,
  paths,
  readsOnly,
  log,
}: OpenAdministrationOptions): Promise<OpenAdministration> {
  const now = (): Date => new Date();
  await using stack = new AsyncDisposableStack();
  const {db, close} = await openConfiguredDatabase({config, now});
  stack.defer(close);
  const bcrypt = new BcryptThread();
  stack.defer(async () => bcrypt.close());
  const {htpasswd: path} = config.auth;
  const providers = [
    ...(path === undefined ? [] : [await openHtpasswd({path, bcrypt, log, pollInterval: 0})]),
    ...(await remoteProviders(config.auth, log)),
  ];
  for (const provider of providers) stack.defer(async () => provider.close());
  let keys: Promise<SigningKeys> | undefined;
  // Whoever asked for them has heard why they can't be opened.
  stack.defer(async () => (await keys?.catch(() => undefined))?.close());
  const opened = stack.move();
  return {
    context: {
      db,
      index: {
        status: async () => ({
          ...(await readIndexStatus(db)),
          running: undefined,
          last: undefined,
          problem: undefined,
        }),
        rebuild: () => Promise.reject(new Error('a server compares, or whoever opens the storage')),
      },
      config,
      hasher: new PasswordHasher(bcrypt),
      keys: async () => {
        if (readsOnly) await requireKeys(paths.keys);
        return (keys ??= openConfiguredKeys({config, paths, log, now, followsKeys: false}));
      },
      findNameElsewhere: nameFinder(config, providers, log),
      // Who has the storage open, the server, would know; without it the more permissive answer is given.
      isOccupied: () => Promise.resolve(false),
      // Servers that start meanwhile read the database.
      onChange: () => undefined,
      importing: new ImportProgress(),
      now,
    },
    [Symbol.asyncDispose]: async () => opened.disposeAsync(),
  };
}

async function requireKeys(directory: string): Promise<void> {
  if (await hasRecords(directory)) return;
  throw new AdministrationError(
    'refused',
    `there is no key in ${directory} yet that signs tokens: a server makes it at its first start`,
  );
}
