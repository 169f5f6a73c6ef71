/** The data directory: where everything lies in it, and that this process can use it. */
import {randomBytes} from 'node:crypto';
import {open, readdir, stat} from 'node:fs/promises';
import {dirname, join, resolve, sep} from 'node:path';
import {makeDirectory, type Owner, publish, secretMode} from '../host/durable-file.ts';
import {codeOrThrow} from '../host/error-code.ts';
import {ConfigError} from './fault.ts';
import type {Fault} from './fault.ts';
import {checkMount} from './mount-check.ts';
import {nodeNameOf} from './node-name.ts';
import type {Config} from './schema.ts';
import {checkTree, quoted} from './tree-check.ts';
import type {Findings} from './tree-check.ts';

type Settings = Pick<Config, 'dataDir' | 'storage' | 'metadata' | 'maintenance' | 'cluster'>;

/**
 * Absolute paths:
 *
 * <root>/
 *   registry/                  the storage root, unless it lies elsewhere
 *   database/holdfast.db       accounts, teams, namespaces, unless it lies elsewhere
 *   certs/                     ca.crt ca.key, server.crt server.key
 *   keys/upload-secret         signs the Location of uploads
 *   keys/token-<kind>.pem      signs tokens, where the pair under certs/ does not
 *   keys/token-signer.*.json   public keys that sign tokens, or did
 *   run/                       what lives as long as the process; run/<node>/ where there are several
 */
export interface DataPaths {
  readonly root: string;
  /** The storage root: Distribution's rootdirectory. */
  readonly registry: string;
  /** The file of the database, where no server has it. */
  readonly database: string;
  readonly certs: string;
  readonly keys: string;
}

export function dataPaths({
  dataDir,
  storage,
  metadata,
}: Pick<Settings, 'dataDir' | 'storage' | 'metadata'>): DataPaths {
  const root = resolve(dataDir);
  return {
    root,
    registry: resolve(root, storage.root),
    database: resolve(root, metadata.file),
    certs: join(root, 'certs'),
    keys: join(root, 'keys'),
  };
}

/** Lies in a data directory as long as a backup is being put back there, or was when that was cut off. */
export const unfinishedRestore = (root: string): string => join(root, 'restore-unfinished');

/** Absolute path of what lives as long as the process: of each node its own. */
export function runDirectory({dataDir, cluster}: Pick<Settings, 'dataDir' | 'cluster'>): string {
  const shared = join(resolve(dataDir), 'run');
  return cluster.mode === 'single' ? shared : join(shared, nodeNameOf({cluster}));
}

/** Looks at what exists, and changes nothing. */
export async function checkDataDirectory(config: Settings): Promise<Findings> {
  const unmounted = await checkMount(config);
  if (unmounted) return {faults: [unmounted], warnings: []};
  const {root, registry, database, certs, keys} = dataPaths(config);
  const run = runDirectory(config);
  const atRoot = await checkTree(root, {depth: 0, writable: true});
  const faults = [...atRoot.faults];
  const warnings = [...atRoot.warnings];
  if (atRoot.faults.length === 0 && !(await isAbsent(unfinishedRestore(root)))) {
    const message = 'a backup was not put back whole: give the same "holdfast restore" once more';
    faults.push({path: unfinishedRestore(root), message});
  }
  const trees: [path: string, depth: number, writable: boolean][] = [
    [certs, 1, true],
    [keys, 1, true],
    [run, 0, true],
    [registry, 9, !config.maintenance.readonly],
  ];
  // Elsewhere its directory may be one of others, too, which no remedy may give away.
  const accounts = dirname(database);
  if (config.metadata.url === undefined && accounts.startsWith(root + sep)) {
    trees.push([accounts, 1, true]);
  }
  for (const [path, depth, writable] of trees) {
    // What is wrong with the data directory is mended with all that lies in it.
    const within = path.startsWith(root + sep);
    if (within && atRoot.faults.length > 0) continue;
    const found = await checkTree(path, {depth, writable});
    faults.push(...found.faults);
    if (!within || atRoot.warnings.length === 0) warnings.push(...found.warnings);
  }
  for (const path of [keys, run]) {
    const mode = await modeOf(path);
    if (mode === undefined || (mode & 0o077) === 0) continue;
    const remedy = `chmod 700 ${quoted(path)}`;
    warnings.push({path, message: 'is open to other users than its owner', remedy});
  }
  return {faults, warnings};
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    codeOrThrow(error);
    return undefined;
  }
}

/** Makes what is missing; throws a ConfigError with every tree that this process can't use. */
export async function prepareDataDirectory(
  config: Settings,
  {withStorage = true}: {readonly withStorage?: boolean} = {},
): Promise<{paths: DataPaths; warnings: readonly Fault[]}> {
  const {faults, warnings} = await checkDataDirectory(config);
  if (faults.length > 0) throw new ConfigError(faults);
  const paths = dataPaths(config);
  await makeDirectory(paths.root);
  const owner = await ownerOf(paths.root);
  for (const path of [...(withStorage ? [paths.registry] : []), paths.certs])
    await makeDirectory(path, {owner});
  for (const path of [paths.keys, join(paths.root, 'run'), runDirectory(config)])
    await makeDirectory(path, {owner, mode: 0o700});
  return {paths, warnings};
}

/** What is there of it; that it can't be looked at is for `checkDataDirectory` to tell. */
export async function dataDirectoryState(
  config: Settings,
): Promise<'absent' | 'without-database' | 'there'> {
  const {root, database} = dataPaths(config);
  if (await isAbsent(root)) return 'absent';
  // Whether there is one on a server, that is asked.
  if (config.metadata.url !== undefined) return 'there';
  return (await isAbsent(database)) ? 'without-database' : 'there';
}

/** Nothing lies in it, or it is not there. */
export async function isStorageEmpty(config: Settings): Promise<boolean> {
  try {
    return (await readdir(dataPaths(config).registry)).length === 0;
  } catch (error) {
    if (codeOrThrow(error) === 'ENOENT') return true;
    throw error;
  }
}

async function isAbsent(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return codeOrThrow(error) === 'ENOENT';
  }
}

/** A command that root runs must leave what the server's user can use; `undefined`: it is this process's own anyway. */
async function ownerOf(root: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const {uid, gid} = await stat(root);
  return uid === 0 ? undefined : {uid, gid};
}

async function readSecret(path: string, bytes: number): Promise<Buffer | undefined> {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (codeOrThrow(error) === 'ENOENT') return undefined;
    throw new ConfigError([{path, message: `can't be read (${codeOrThrow(error)})`}], {
      cause: error,
    });
  }
  try {
    const {mode} = await handle.stat();
    if ((mode & 0o077) !== 0) {
      const message = 'holds a secret, and other users than its owner may use it';
      throw new ConfigError([{path, message, remedy: `chmod 600 ${quoted(path)}`}]);
    }
    const secret = await handle.readFile();
    if (secret.length >= bytes) return secret;
    const message = `holds ${secret.length} bytes, and a secret has ${bytes}; once it is away, a new one is made`;
    throw new ConfigError([{path, message, remedy: `rm ${quoted(path)}`}]);
  } finally {
    await handle.close();
  }
}

/**
 * A secret in a file of mode 0600, made if it is not there. Of racers all get the same one, and it is
 * durable when this resolves. Throws a ConfigError if it is too short or open to others.
 */
export async function readOrCreateSecret(path: string, bytes = 32): Promise<Buffer> {
  const present = await readSecret(path, bytes);
  if (present !== undefined) return present;
  await publish(path, randomBytes(bytes), secretMode);
  const secret = await readSecret(path, bytes);
  if (secret === undefined) throw new Error(`${path} was removed while it was made`);
  return secret;
}
