/** What the commands on backups do, once it is known what is wanted. */
import {constants, setPriority} from 'node:os';
import type {Command} from 'commander';
import {BackupDirectory, recordOf, requireApart} from '../backup/backup-directory.ts';
import {BackupError, onPlace} from '../backup/backup-error.ts';
import {keepNewest, type Removed} from '../backup/keep-newest.ts';
import {type MadeSet, makeSet} from '../backup/make-set.ts';
import type {SetRecord} from '../backup/set-record.ts';
import {type Known, type Problem, verifySet} from '../backup/verify-set.ts';
import {readMarker} from '../backup/volume-marker.ts';
import {openBackupSource} from '../backup-source.ts';
import {dataPaths} from '../config/data-directory.ts';
import type {Loaded} from '../config/load.ts';
import type {Config} from '../config/schema.ts';
import {version} from '../config/version.ts';
import {backUpTo} from './backup-file.ts';
import {Failure} from './failure.ts';

interface BackupOptions {
  readonly loaded: Loaded<Config>;
  readonly content: SetRecord['content'];
  readonly keep?: number;
  readonly verify?: true;
  readonly onRepositories: (done: number) => void;
}

interface MadeBackup {
  readonly made: MadeSet;
  readonly removed: Removed;
  readonly problems: readonly Problem[];
}

/** Whoever pulls or pushes comes first. */
const stepBack = (): void => {
  setPriority(constants.priority.PRIORITY_LOW);
};

/** `root`: absolute. */
export async function makeBackup(
  root: string,
  command: Command,
  {loaded: {config, file}, content, keep, verify, onRepositories}: BackupOptions,
): Promise<MadeBackup> {
  stepBack();
  const paths = dataPaths(config);
  const {exclusiveCreate} = config.storage;
  return onPlace(root, async () => {
    await requireApart(root, [paths.root, paths.registry]);
    const marker = await readMarker(paths.registry);
    if (!marker) {
      throw new Failure(`no server has served ${paths.registry} yet: there is nothing to back up`);
    }
    const to = await BackupDirectory.prepare(root, marker.id);
    return to.exclusively(async () => {
      const driver = await openBackupSource({
        root: paths.registry,
        exclusiveCreate,
        volumeId: marker.id,
      });
      const sources = {
        driver,
        paths,
        marker: marker.content,
        configuration: file,
        backUpDatabase: async (target: string) => [...(await backUpTo(target, command)).tables],
        content,
        version: version(),
        now: () => new Date(),
        onProgress: ({repositories}: {readonly repositories: number}) => {
          onRepositories(repositories);
        },
      };
      let made;
      try {
        made = await makeSet(to, sources);
      } finally {
        await driver.close();
      }
      const removed = keep === undefined ? {sets: [], bytes: 0} : await keepNewest(to, keep);
      const problems =
        verify === true ? await problemsOf(to, [made.set.name], new Map(), () => undefined) : [];
      return {made, removed, problems};
    });
  });
}

interface Listed {
  readonly set: string;
  readonly record: SetRecord;
}

/** The oldest first. */
export async function listBackups(root: string): Promise<readonly Listed[]> {
  return onPlace(root, async () => {
    const directory = await BackupDirectory.open(root);
    const listed: Listed[] = [];
    for (const set of await directory.sets()) {
      listed.push({set: set.name, record: await recordOf(set)});
    }
    return listed;
  });
}

interface Verified {
  readonly sets: readonly string[];
  readonly blobs: number;
  readonly problems: readonly Problem[];
}

export async function verifyBackups(
  root: string,
  name: string | undefined,
  onBlob: (done: number) => void,
): Promise<Verified> {
  stepBack();
  return onPlace(root, async () => {
    const directory = await BackupDirectory.open(root);
    const all = (await directory.sets()).map((set) => set.name);
    const sets = name === undefined ? all : [(await directory.set(name)).name];
    if (sets.length === 0) await directory.set();
    const known: Known = new Map();
    const problems = await problemsOf(directory, sets, known, onBlob);
    return {sets, blobs: known.size, problems};
  });
}

async function problemsOf(
  directory: BackupDirectory,
  names: readonly string[],
  known: Known,
  onBlob: (done: number) => void,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const name of names) {
    const set = await directory.set(name);
    const hasContent = await hasContentIn(set);
    for await (const problem of verifySet(directory, set, {hasContent, known, onBlob})) {
      problems.push(problem);
    }
  }
  return problems;
}

/** One whose record is damaged tells of it by its sums; its content is looked at all the same. */
async function hasContentIn(set: Parameters<typeof recordOf>[0]): Promise<boolean> {
  try {
    return (await recordOf(set)).content === 'copy';
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    return true;
  }
}
