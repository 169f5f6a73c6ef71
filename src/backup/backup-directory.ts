/** A directory of backups: of one volume, and of one run at a time. */
import {chmod, mkdir, realpath, rename, rm} from 'node:fs/promises';
import {join, sep} from 'node:path';
import {makeDirectory, syncDirectory} from '../host/durable-file.ts';
import {errorCode} from '../host/error-code.ts';
import {tryHostLock} from '../host/host-lock.ts';
import {BackupError} from './backup-error.ts';
import {BlobShelf} from './blob-shelf.ts';
import {directoryPaths, format, isSetName, partialEnd, type SetPaths, setPaths} from './layout.ts';
import {namesIn, writeDurably} from './secret-files.ts';
import {readDirectoryRecord, readSetRecord, type SetRecord, textOfRecord} from './set-record.ts';

export interface BackupSet {
  readonly name: string;
  readonly paths: SetPaths;
}

export class BackupDirectory {
  readonly root: string;
  readonly volume: string;
  readonly shelf: BlobShelf;
  readonly #sets: string;

  private constructor(root: string, volume: string) {
    this.root = root;
    this.volume = volume;
    const {content, sets} = directoryPaths(root);
    this.shelf = new BlobShelf(content);
    this.#sets = sets;
  }

  /** One that is there. Rejects with a BackupError where it is none. */
  static async open(root: string): Promise<BackupDirectory> {
    const {record} = directoryPaths(root);
    const found = await readDirectoryRecord(record);
    if (found) return new BackupDirectory(root, found.volume);
    throw new BackupError(`${root} is no directory of backups: there is no ${record}`);
  }

  /** Makes it where there is nothing. Rejects with a BackupError where something else is there, or backups of another volume. */
  static async prepare(root: string, volume: string): Promise<BackupDirectory> {
    const {record, content, sets} = directoryPaths(root);
    await makeDirectory(root, {mode: 0o700});
    const names = (await namesIn(root)).filter((name) => name !== 'lost+found');
    const found = await readDirectoryRecord(record);
    if (!found && names.length > 0) {
      throw new BackupError(`${root} holds something else than backups: name an empty directory`);
    }
    if (found && found.volume !== volume) {
      throw new BackupError(
        `${root} holds backups of another volume (${found.volume}, and this one is ${volume}): name another directory`,
      );
    }
    await chmod(root, 0o700);
    if (!found) {
      const staged = `${record}${partialEnd}`;
      await writeDurably(staged, textOfRecord({format, volume}));
      await rename(staged, record);
    }
    for (const directory of [content, sets]) {
      await mkdir(directory, {recursive: true, mode: 0o700});
    }
    await syncDirectory(root);
    return new BackupDirectory(root, volume);
  }

  /** While `work` lasts nobody else makes a backup here; what one that was cut off has left is put away. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const release = await tryHostLock(this.root, 'backup');
    if (!release) throw new BackupError(`another backup into ${this.root} is being made`);
    try {
      for (const name of await namesIn(this.#sets)) {
        if (name.endsWith(partialEnd)) await rm(join(this.#sets, name), {recursive: true});
      }
      await this.shelf.removeStaged();
      return await work();
    } finally {
      release();
    }
  }

  /** Whole ones, the oldest first. */
  async sets(): Promise<readonly BackupSet[]> {
    return (await namesIn(this.#sets)).filter(isSetName).map((name) => this.#set(name));
  }

  /** The newest unless one is named. Rejects with a BackupError where it is not there. */
  async set(name?: string): Promise<BackupSet> {
    const sets = await this.sets();
    const found = name === undefined ? sets.at(-1) : sets.find((each) => each.name === name);
    if (found) return found;
    const there = sets.map((each) => each.name).join(', ') || 'none';
    throw new BackupError(
      `${this.root} has no set ${name ?? 'that is whole'} (there are: ${there})`,
    );
  }

  async begin(name: string): Promise<SetPaths> {
    const root = join(this.#sets, `${name}${partialEnd}`);
    await mkdir(root, {mode: 0o700});
    return setPaths(root);
  }

  /** Gives it its name: from here on it is a backup. */
  async finish(name: string): Promise<BackupSet> {
    await this.shelf.sync();
    const set = this.#set(name);
    const staged = `${set.paths.root}${partialEnd}`;
    await syncDirectory(staged);
    await rename(staged, set.paths.root);
    await syncDirectory(this.#sets);
    return set;
  }

  async remove({paths}: BackupSet): Promise<void> {
    // What is removed in part must not look like a backup.
    await rename(paths.root, `${paths.root}${partialEnd}`);
    await syncDirectory(this.#sets);
    await rm(`${paths.root}${partialEnd}`, {recursive: true});
  }

  #set(name: string): BackupSet {
    return {name, paths: setPaths(join(this.#sets, name))};
  }
}

/** Rejects with a BackupError where its record is not there, or damaged. */
export async function recordOf({paths}: BackupSet): Promise<SetRecord> {
  const record = await readSetRecord(paths.record);
  if (record) return record;
  throw new BackupError(`${paths.record} is not there`);
}

/** Rejects with a BackupError where one lies in the other: a backup would go on into itself, or be lost together with what it is of. */
export async function requireApart(root: string, others: readonly string[]): Promise<void> {
  const own = await realOrNearest(root);
  for (const other of others) {
    const theirs = await realOrNearest(other);
    if (!isWithin(own, theirs) && !isWithin(theirs, own)) continue;
    throw new BackupError(
      `${root} and ${other} lie in each other: name a directory elsewhere, best on another disk`,
    );
  }
}

const isWithin = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);

/** Of what is not there yet, that of the directory above it and the rest. */
async function realOrNearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const parent = join(path, '..');
    return join(await realOrNearest(parent), path.slice(parent.length));
  }
}
