/** What operations work on where no server runs: the same database and keys, opened for one command. */
import type {AdministrationContext} from '../auth/administration/context.ts';
import {nameFinder} from '../auth/names-elsewhere.ts';
import {PasswordHasher} from '../auth/password-hash.ts';
import {remoteProviders} from '../auth/remote-providers.ts';
import {type SigningKeys, openSigningKeys} from '../auth/signing-keys.ts';
import {type DataPaths, prepareDataDirectory} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {openDatabase} from '../metadata/database.ts';
import {givenPaths, readPairIfThere} from '../tls/given-pair.ts';
import {certificateFiles} from '../tls/layout.ts';
import {stderrLog} from './stderr-log.ts';

const commandLog = {...stderrLog, debug: () => undefined};

export interface OpenAdministration extends AsyncDisposable {
  readonly context: AdministrationContext;
}

/** Brings the database to the state of this version first. Rejects with a ConfigError or a MetadataError. */
export async function openAdministration(config: Config): Promise<OpenAdministration> {
  await using stack = new AsyncDisposableStack();
  const {paths} = await prepareDataDirectory(config);
  const {db, close} = await openDatabase({
    file: paths.database,
    allowNetworkFileSystem: config.metadata.allowNetworkFileSystem,
    rootVisibility: config.namespaces.rootVisibility,
  });
  stack.defer(close);
  let keys: Promise<SigningKeys> | undefined;
  // Whoever asked for them has heard why they can't be opened.
  stack.defer(async () => (await keys?.catch(() => undefined))?.close());
  const context: AdministrationContext = {
    db,
    config,
    hasher: new PasswordHasher(),
    keys: () => (keys ??= openKeys(config, paths)),
    findNameElsewhere: nameFinder(remoteProviders(config.auth, commandLog), commandLog),
    // Who has the storage open, the server, would know; without it the more permissive answer is given.
    isOccupied: () => Promise.resolve(false),
    // Servers that start meanwhile read the database.
    onChange: () => undefined,
    now: () => new Date(),
  };
  const opened = stack.move();
  return {context, [Symbol.asyncDispose]: async () => opened.disposeAsync()};
}

const openKeys = (config: Config, paths: DataPaths): Promise<SigningKeys> =>
  openSigningKeys({
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
