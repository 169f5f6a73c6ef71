/** Where a backup is put back: into what is fresh, or where the same volume is. */
import {stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {type DataPaths, unfinishedRestore} from '../config/data-directory.ts';
import type {Owner} from '../host/durable-file.ts';
import {errorCode} from '../host/error-code.ts';
import {BackupError} from './backup-error.ts';
import {namesIn, readIfThere} from './secret-files.ts';
import {readMarker} from './volume-marker.ts';

/** `continued`: a restore of the same set was cut off there. `forced`: the same volume is there, with whatever it holds by now. */
export type TargetState = 'fresh' | 'continued' | 'forced';

interface TargetOptions {
  readonly paths: DataPaths;
  /** Whether the database is a file. */
  readonly hasFile: boolean;
  readonly volume: string;
  readonly set: string;
  readonly force: boolean;
  /** Not with a snapshot, whose content is there already. */
  readonly withContent: boolean;
}

const unfinished = z.object({volume: z.string(), set: z.string()});

/** What a file system or an operator lays there. */
const passing: ReadonlySet<string> = new Set(['lost+found', 'holdfast.yaml']);

/** Changes nothing. Rejects with a BackupError where something is there that the backup must not go into. */
export async function examineTarget(options: TargetOptions): Promise<TargetState> {
  const {paths, volume, set, force, withContent} = options;
  const text = await readIfThere(unfinishedRestore(paths.root));
  const left = text && unfinished.safeParse(parse(text)).data;
  if (left?.volume === volume && left.set === set) return 'continued';
  const marker = await readMarker(paths.registry);
  if (!withContent) await requireSnapshot(paths.registry, volume);
  const found = await whatIsThere(options);
  if (found === undefined) return 'fresh';
  if (marker?.id !== volume) {
    throw new BackupError(`${found} is there already: a backup is put back into a fresh directory`);
  }
  if (force) return 'forced';
  throw new BackupError(
    `${found} is there already, and it is the volume of this backup: --force puts the backup over it`,
  );
}

function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The path of something that is there. */
async function whatIsThere(options: TargetOptions): Promise<string | undefined> {
  const {root, registry, database} = options.paths;
  const places = [{directory: root, except: dirname(registry) === root ? basename(registry) : ''}];
  if (options.withContent) places.push({directory: registry, except: ''});
  for (const {directory, except} of places) {
    const names = await namesIn(directory);
    const found = names.find((name) => name !== except && !passing.has(name));
    if (found !== undefined) return join(directory, found);
  }
  return options.hasFile && (await isThere(database)) ? database : undefined;
}

async function requireSnapshot(registry: string, volume: string): Promise<void> {
  const marker = await readMarker(registry);
  if (marker?.id === volume) return;
  if (marker) {
    throw new BackupError(
      `${registry} is the volume ${marker.id}, and the backup is of ${volume}: mount the snapshot that belongs to it`,
    );
  }
  if ((await namesIn(registry)).some((name) => !passing.has(name))) return;
  throw new BackupError(
    `${registry} is empty, and this backup brings no content: put that of the snapshot there first`,
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** What root puts there must be the user's that has the directory; `undefined`: it is this process's own anyway. */
export async function ownerOfTarget(root: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0 || !(await isThere(root))) return undefined;
  const {uid, gid} = await stat(root);
  return uid === 0 ? undefined : {uid, gid};
}
