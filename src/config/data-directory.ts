/** The data directory: where everything lies in it, and that this process can use it. */
import {randomBytes, randomUUID} from 'node:crypto';
import {chown, link, mkdir, open, rm, stat} from 'node:fs/promises';
import {dirname, join, resolve, sep} from 'node:path';
import {ConfigError} from './fault.ts';
import type {Fault} from './fault.ts';
import type {Config} from './schema.ts';
import {codeOf} from './system-error.ts';
import {checkTree, quoted} from './tree-check.ts';
import type {Findings} from './tree-check.ts';

type Settings = Pick<Config, 'dataDir' | 'storage' | 'metadata' | 'maintenance'>;

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
 *   run/                       what lives as long as the process
 */
export interface DataPaths {
  readonly root: string;
  /** The storage root: Distribution's rootdirectory. */
  readonly registry: string;
  /** The file of the database, where no server has it. */
  readonly database: string;
  readonly certs: string;
  readonly keys: string;
  readonly run: string;
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
    run: join(root, 'run'),
  };
}

/** Looks at what exists, and changes nothing. */
export async function checkDataDirectory(config: Settings): Promise<Findings> {
  const {root, registry, certs, keys, run} = dataPaths(config);
  const atRoot = await checkTree(root, {depth: 0, writable: true});
  const faults = [...atRoot.faults];
  const warnings = [...atRoot.warnings];
  const trees: [path: string, depth: number, writable: boolean][] = [
    [certs, 1, true],
    [keys, 1, true],
    [run, 0, true],
    [registry, 9, !config.maintenance.readonly],
  ];
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
    codeOf(error);
    return undefined;
  }
}

/** Makes what is missing; throws a ConfigError with every tree that this process can't use. */
export async function prepareDataDirectory(
  config: Settings,
): Promise<{paths: DataPaths; warnings: readonly Fault[]}> {
  const {faults, warnings} = await checkDataDirectory(config);
  if (faults.length > 0) throw new ConfigError(faults);
  const paths = dataPaths(config);
  await makeDirectory(paths.root);
  const owner = await ownerOf(paths.root);
  for (const path of [paths.registry, paths.certs]) await makeDirectory(path, {owner});
  for (const path of [paths.keys, paths.run]) await makeDirectory(path, {owner, mode: 0o700});
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

async function isAbsent(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** A command that root runs must leave what the server's user can use; `undefined`: it is this process's own anyway. */
async function ownerOf(root: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const {uid, gid} = await stat(root);
  return uid === 0 ? undefined : {uid, gid};
}

/** Makes a directory and what is missing above it; durable when it resolves. */
async function makeDirectory(
  path: string,
  {mode = 0o777, owner}: {readonly mode?: number; readonly owner?: Owner | undefined} = {},
): Promise<void> {
  const first = await mkdir(path, {recursive: true, mode});
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    if (owner) await chown(made, owner.uid, owner.gid);
    await syncDirectory(dirname(made));
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readSecret(path: string, bytes: number): Promise<Buffer | undefined> {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError([{path, message: `can't be read (${codeOf(error)})`}], {cause: error});
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

const withoutHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function writeExclusively(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
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
  const content = randomBytes(bytes);
  // It appears under its name only when it is whole and on disk: a reader never sees a part of it.
  const staged = `${path}.${randomUUID()}`;
  await writeExclusively(staged, content);
  try {
    await link(staged, path);
  } catch (error) {
    const code = codeOf(error);
    if (withoutHardLinks.has(code)) await writeExclusively(path, content);
    else if (code !== 'EEXIST') throw error;
  } finally {
    await rm(staged, {force: true});
  }
  await syncDirectory(dirname(path));
  const secret = await readSecret(path, bytes);
  if (secret === undefined) throw new Error(`${path} was removed while it was made`);
  return secret;
}
