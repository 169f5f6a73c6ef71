/** Puts a backup into a data directory, which no server starts on until all of it is there. */
import {dirname, join} from 'node:path';
import {type DataPaths, unfinishedRestore} from '../config/data-directory.ts';
import {makeDirectory, type Owner, publicMode, remove} from '../host/durable-file.ts';
import type {DatabasePlace} from '../metadata/database.ts';
import {putBackDatabase, requireWithoutAccounts} from '../metadata/put-back-database.ts';
import type {BackupDirectory, BackupSet} from './backup-directory.ts';
import {BackupError} from './backup-error.ts';
import {restoreContent, type RestoredContent} from './restore-content.ts';
import type {TargetState} from './restore-target.ts';
import {copyTree, readIfThere, writeDurably} from './secret-files.ts';
import {verifyFiles} from './verify-set.ts';
import {idIn, markerPath, readMarker} from './volume-marker.ts';

/** Rejects with a BackupError where the set's own files are not as they were made: nothing of it can be trusted then. */
export async function requireWholeFiles(set: BackupSet): Promise<void> {
  const damaged: string[] = [];
  for await (const {what, kind} of verifyFiles(set)) {
    if (kind !== 'unknown') damaged.push(`${what} is ${kind}`);
  }
  if (damaged.length === 0) return;
  throw new BackupError(
    `${set.paths.root} is damaged (${damaged.join(', ')}), and nothing was put back: name another set`,
  );
}

export interface PutBackOptions {
  readonly from: BackupDirectory;
  readonly set: BackupSet;
  readonly paths: DataPaths;
  readonly place: DatabasePlace;
  readonly state: TargetState;
  readonly owner: Owner | undefined;
  readonly withContent: boolean;
  readonly onProgress: (files: number) => void;
}

/** `undefined`: without content. Repeated where it was cut off; it is over with `endPuttingBack`. */
export async function putBack(options: PutBackOptions): Promise<RestoredContent | undefined> {
  const {from, set, paths, place, state, owner, withContent, onProgress} = options;
  if (state === 'fresh' && 'server' in place) await requireWithoutAccounts(place);
  await makeDirectory(paths.root, {owner});
  const unfinished = JSON.stringify({volume: from.volume, set: set.name});
  await writeDurably(unfinishedRestore(paths.root), unfinished, {owner});
  const run = join(paths.root, 'run');
  await makeDirectory(run, {owner, mode: 0o700});
  await layMarker(set, paths.registry, owner);
  await putBackDatabase(set.paths.database, place, {
    directory: run,
    replace: state !== 'fresh',
  });
  await makeDirectory(paths.keys, {owner, mode: 0o700});
  await copyTree(set.paths.keys, paths.keys, {directoryMode: 0o700, owner});
  await makeDirectory(paths.certs, {owner});
  await copyTree(set.paths.certs, paths.certs, {directoryMode: 0o777, owner});
  if (!withContent) return undefined;
  const {registry} = paths;
  return restoreContent({list: set.paths.content, shelf: from.shelf, registry, owner, onProgress});
}

/** First, so that one that is cut off is known to be of this volume. */
async function layMarker({paths}: BackupSet, registry: string, owner: Owner | undefined) {
  const content = await readIfThere(paths.volume);
  if (!content) throw new BackupError(`${paths.volume} is not there`);
  const there = await readMarker(registry);
  if (there?.id === idIn(content, paths.volume)) return;
  const path = markerPath(registry);
  await makeDirectory(dirname(path), {owner});
  await writeDurably(path, content, {mode: publicMode, owner});
  await makeDirectory(dirname(path), {owner});
}

export const endPuttingBack = async ({root}: DataPaths): Promise<void> =>
  remove(unfinishedRestore(root));
