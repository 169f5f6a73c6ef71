/** What operations work on where no server runs: the same database and keys, opened for one command. */
import type {AdministrationContext} from '../auth/administration/context.ts';
import {createUser} from '../auth/administration/users.ts';
import {nameFinder} from '../auth/names-elsewhere.ts';
import {PasswordHasher} from '../auth/password-hash.ts';
import {remoteProviders} from '../auth/remote-providers.ts';
import {readRecords} from '../auth/keys/records.ts';
import {type SigningKeys, openSigningKeys} from '../auth/signing-keys.ts';
import {
  type DataPaths,
  checkDataDirectory,
  dataPaths,
  prepareDataDirectory,
} from '../config/data-directory.ts';
import {ConfigError} from '../config/fault.ts';
import type {Config} from '../config/schema.ts';
import {openDatabase} from '../metadata/database.ts';
import {errorCode} from '../tls/certificate-error.ts';
import {givenPaths, readPairIfThere} from '../tls/given-pair.ts';
import {certificateFiles} from '../tls/layout.ts';
import {requireDatabase} from './data-directory.ts';
import {Failure} from './failure.ts';
import {stderrLog} from './stderr-log.ts';

const commandLog = {...stderrLog, debug: () => undefined};

export interface OpenAdministration extends AsyncDisposable {
  readonly context: AdministrationContext;
}

/** Verbs of operations that change nothing: for them nothing is made, no directory and no key. */
const reading = /^\S+ (list|show|explain)$/;

/** For the operation of that name. Brings the database to the state of this version first. Rejects with a Failure, a ConfigError or a MetadataError. */
export async function openAdministration(
  config: Config,
  operation: string,
): Promise<OpenAdministration> {
  await using stack = new AsyncDisposableStack();
  const readsOnly = reading.test(operation);
  // The first account may be there before the first start.
  if (operation !== createUser.name) await requireDatabase(config);
  const paths = await (readsOnly ? examine(config) : prepare(config));
  const {db, close} = await openDatabase({
    file: paths.database,
    allowNetworkFileSystem: config.metadata.allowNetworkFileSystem,
    rootVisibility: config.namespaces.rootVisibility,
  });
  stack.defer(close);
  const remotes = await remoteProviders(config.auth, commandLog);
  let keys: Promise<SigningKeys> | undefined;
  // Whoever asked for them has heard why they can't be opened.
  stack.defer(async () => (await keys?.catch(() => undefined))?.close());
  const context: AdministrationContext = {
    db,
    config,
    hasher: new PasswordHasher(),
    keys: () => (keys ??= openKeys(config, paths, !readsOnly)),
    findNameElsewhere: nameFinder(remotes, commandLog),
    // Who has the storage open, the server, would know; without it the more permissive answer is given.
    isOccupied: () => Promise.resolve(false),
    // Servers that start meanwhile read the database.
    onChange: () => undefined,
    now: () => new Date(),
  };
  const opened = stack.move();
  return {context, [Symbol.asyncDispose]: async () => opened.disposeAsync()};
}

const prepare = async (config: Config): Promise<DataPaths> =>
  (await prepareDataDirectory(config)).paths;

async function examine(config: Config): Promise<DataPaths> {
  const {faults} = await checkDataDirectory(config);
  if (faults.length > 0) throw new ConfigError(faults);
  return dataPaths(config);
}

async function openKeys(config: Config, paths: DataPaths, mayMake: boolean): Promise<SigningKeys> {
  if (!mayMake && !(await hasRecords(paths.keys))) {
    throw new Failure(
      `there is no key in ${paths.keys} yet that signs tokens: a server makes it at its first start`,
    );
  }
  return openSigningKeys({
    directory: paths.keys,
    kind: config.token.key,
    trustFor: config.token.expiresIn + config.token.uploadLease,
    pair: async () => {
      const {mode} = config.tls;
      // As the server does it: without TLS a pair that is given may still sign.
      const files =
        mode === 'self-signed'
          ? certificateFiles(paths.certs)
          : givenPaths(config.tls, paths.certs);
      const pair = await readPairIfThere(files);
      return pair && {cert: pair.chain, key: pair.key};
    },
    log: stderrLog,
    pollInterval: 0,
  });
}

async function hasRecords(directory: string): Promise<boolean> {
  try {
    return (await readRecords(directory)).size > 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
