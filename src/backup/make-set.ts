/** Makes one backup: the database first, then the content, so that whatever the database names is in the copy. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Clock} from '../host/clock.ts';
import {publish, secretMode} from '../host/durable-file.ts';
import type {Digest} from '../oci/digest.ts';
import {walkDigests, walkRepositories} from '../storage/content-walk.ts';
import type {StorageDriver} from '../storage/driver.ts';
import {inBatches} from '../storage/in-batches.ts';
import {blobKey} from '../storage/keys.ts';
import type {BackupDirectory, BackupSet} from './backup-directory.ts';
import {join} from 'node:path';
import type {Taken} from './blob-shelf.ts';
import {ContentList} from './content-line.ts';
import {format, setName, type SetPaths} from './layout.ts';
import {readLine, readRepository, type Take} from './read-repository.ts';
import {copyTree, filesBelow, readIfThere, sha256Of, writeDurably} from './secret-files.ts';
import {type Finding, mostFindings, type SetRecord, textOfRecord} from './set-record.ts';

interface SetProgress {
  readonly repositories: number;
  readonly bytes: number;
}

export interface SetSources {
  readonly driver: StorageDriver;
  readonly paths: DataPaths;
  /** The marker of the volume. */
  readonly marker: Buffer;
  /** The file of the settings, if there is one. */
  readonly configuration: string | undefined;
  /** Writes it, as a file of SQLite's. */
  readonly backUpDatabase: (file: string) => Promise<SetRecord['tables']>;
  readonly content: SetRecord['content'];
  readonly version: string;
  readonly now: Clock;
  readonly onProgress: (progress: SetProgress) => void;
}

export interface MadeSet {
  readonly set: BackupSet;
  readonly record: SetRecord;
}

/** Whole and durable when it resolves, and not there where it rejects; what was copied of the content stays for the next. */
export async function makeSet(to: BackupDirectory, sources: SetSources): Promise<MadeSet> {
  const began = sources.now();
  const name = setName(began);
  const paths = await to.begin(name);
  const tables = await sources.backUpDatabase(paths.database);
  await copyTree(sources.paths.keys, paths.keys, {directoryMode: 0o700});
  await copyTree(sources.paths.certs, paths.certs, {directoryMode: 0o700});
  await publish(paths.volume, sources.marker, secretMode);
  await copyConfiguration(sources.configuration, paths);
  const {figures, findings} = await copyContent(to, paths, sources);
  const record: SetRecord = {
    format,
    time: began.toISOString(),
    ended: sources.now().toISOString(),
    volume: to.volume,
    version: sources.version,
    content: sources.content,
    tables,
    figures,
    found: findings.length,
    findings: findings.slice(0, mostFindings),
  };
  await writeDurably(paths.record, textOfRecord(record));
  await writeSums(paths);
  return {set: await to.finish(name), record};
}

async function copyConfiguration(file: string | undefined, {configuration}: SetPaths) {
  const text = file === undefined ? undefined : await readIfThere(file);
  if (text) await writeDurably(configuration, text);
}

type Counts = Pick<SetRecord['figures'], 'repositories' | 'tags' | 'manifests'>;

async function copyContent(
  {shelf}: BackupDirectory,
  paths: SetPaths,
  {driver, content, onProgress}: SetSources,
): Promise<{readonly figures: SetRecord['figures']; readonly findings: readonly Finding[]}> {
  const sizes = new Map<Digest, Taken>();
  let bytes = 0;
  const counts: {-readonly [Key in keyof Counts]: number} = {
    repositories: 0,
    tags: 0,
    manifests: 0,
  };
  const get: Take =
    content === 'copy'
      ? async (digest) => shelf.take(driver, digest)
      : async (digest) => (await driver.stat(blobKey(digest)))?.size ?? 'missing';
  const take: Take = async (digest) => {
    const known = sizes.get(digest);
    // What was missing may have been pushed since.
    if (typeof known === 'number') return known;
    const taken = await get(digest);
    sizes.set(digest, taken);
    if (typeof taken === 'number') bytes += taken;
    onProgress({repositories: counts.repositories, bytes});
    return taken;
  };
  const findings: Finding[] = [];
  const list = await ContentList.make(paths.content);
  try {
    // What these lead to is named by the repositories, too.
    for await (const batch of inBatches(walkDigests(driver), 16)) {
      const lines = await Promise.all(batch.map(async (file) => readLine(driver, file)));
      await list.add(lines.filter((line) => line !== undefined));
    }
    for await (const repository of walkRepositories(driver)) {
      const found = await readRepository(driver, repository, take);
      await list.add(found.lines);
      findings.push(...found.findings);
      counts.repositories += 1;
      counts.tags += found.tags;
      counts.manifests += found.manifests;
      onProgress({repositories: counts.repositories, bytes});
    }
  } finally {
    await list.end();
  }
  const {copiedBlobs, copiedBytes} = shelf;
  const blobs = [...sizes.values()].filter((taken) => typeof taken === 'number').length;
  return {figures: {...counts, blobs, bytes, copiedBlobs, copiedBytes}, findings};
}

/** As sha256sum writes them, of all files but themselves. */
async function writeSums(paths: SetPaths): Promise<void> {
  const lines: string[] = [];
  for (const name of await filesBelow(paths.root)) {
    lines.push(`${await sha256Of(join(paths.root, name))}  ${name}\n`);
  }
  await writeDurably(paths.sums, lines.join(''));
}
