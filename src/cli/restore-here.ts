/** Puts a backup back, and looks at what has come of it. */
import {restartHead} from '../auth/activities/chain-head.ts';
import {
  BackupDirectory,
  type BackupSet,
  recordOf,
  requireApart,
} from '../backup/backup-directory.ts';
import {BackupError, onPlace} from '../backup/backup-error.ts';
import {compareContent, type Comparison} from '../backup/compare-content.ts';
import {endPuttingBack, putBack, requireWholeFiles} from '../backup/put-back.ts';
import type {RestoredContent} from '../backup/restore-content.ts';
import {examineTarget, ownerOfTarget, type TargetState} from '../backup/restore-target.ts';
import type {Finding, SetRecord} from '../backup/set-record.ts';
import {openBackupSource} from '../backup-source.ts';
import {dataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {openConfiguredDatabase} from '../metadata/open-configured-database.ts';
import {placeOf, titleOf} from '../metadata/place.ts';
import type {ReindexProgress} from '../registry/index/reindex.ts';
import {reindexAlone} from './reindex-alone.ts';

interface Wanted {
  readonly set?: string;
  readonly content?: SetRecord['content'];
  readonly force?: true;
}

export interface RestorePlan {
  readonly from: BackupDirectory;
  readonly set: BackupSet;
  readonly config: Config;
  /** As it is told. */
  readonly told: {
    readonly set: string;
    readonly time: string;
    readonly volume: string;
    readonly dataDir: string;
    readonly storage: string;
    readonly database: string;
    readonly state: TargetState;
    readonly content: SetRecord['content'];
    readonly bytes: number;
  };
}

/** Changes nothing. Rejects where it could not be done. */
export async function planRestore(
  root: string,
  config: Config,
  wanted: Wanted,
): Promise<RestorePlan> {
  const paths = dataPaths(config);
  return onPlace(root, async () => {
    const from = await BackupDirectory.open(root);
    await requireApart(root, [paths.root, paths.registry]);
    const set = await from.set(wanted.set);
    const record = await recordOf(set);
    const content = wanted.content ?? record.content;
    if (content === 'copy' && record.content === 'none') {
      throw new BackupError(`${set.name} was made without content: it needs that of a snapshot`);
    }
    await requireWholeFiles(set);
    const place = placeOf(config);
    const state = await examineTarget({
      paths,
      hasFile: 'file' in place,
      volume: record.volume,
      set: set.name,
      force: wanted.force === true,
      withContent: content === 'copy',
    });
    const told = {
      set: set.name,
      time: record.time,
      volume: record.volume,
      dataDir: paths.root,
      storage: paths.registry,
      database: titleOf(place),
      state,
      content,
      bytes: record.figures.bytes,
    };
    return {from, set, config, told};
  });
}

export interface Restored {
  /** Absent: without content. */
  readonly restored: RestoredContent | undefined;
  /** Of the content that was there. */
  readonly compared: Comparison | undefined;
  readonly findings: readonly Finding[];
  readonly index: ReindexProgress;
}

export async function performRestore(
  {from, set, config, told}: RestorePlan,
  onFiles: (done: number) => void,
): Promise<Restored> {
  const paths = dataPaths(config);
  const restored = await onPlace(paths.root, async () => {
    const owner = await ownerOfTarget(paths.root);
    const place = placeOf(config);
    const withContent = told.content === 'copy';
    const options = {from, set, paths, place, owner, withContent, state: told.state};
    return putBack({...options, onProgress: onFiles});
  });
  const now = (): Date => new Date();
  const {db, close} = await openConfiguredDatabase({config, now});
  try {
    await restartHead(db, paths.keys, now());
  } finally {
    await close();
  }
  const compared = restored ? undefined : await compare(config, set, told.volume, onFiles);
  const index = await reindexAlone({config, paths, onProgress: () => undefined});
  await endPuttingBack(paths);
  const {findings} = restored ?? compared ?? {findings: []};
  return {restored, compared, findings, index};
}

async function compare(
  config: Config,
  set: BackupSet,
  volumeId: string,
  onFiles: (done: number) => void,
): Promise<Comparison> {
  const {registry: root} = dataPaths(config);
  const {exclusiveCreate} = config.storage;
  const driver = await openBackupSource({root, exclusiveCreate, volumeId});
  try {
    return await compareContent(set.paths.content, driver, onFiles);
  } finally {
    await driver.close();
  }
}
