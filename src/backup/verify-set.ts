/** Compares what lies in a backup with the digests that it was made with. */
import {join} from 'node:path';
import type {Digest} from '../oci/digest.ts';
import {type StorageKey} from '../storage/driver.ts';
import {repositoryOfKey} from '../storage/content-walk.ts';
import type {BackupDirectory, BackupSet} from './backup-directory.ts';
import {BackupError} from './backup-error.ts';
import {readContentList} from './content-line.ts';
import {filesBelow, readIfThere, sha256Of} from './secret-files.ts';

export interface Problem {
  readonly set: string;
  /** A path in the set, or a digest of its content. */
  readonly what: string;
  readonly kind: 'missing' | 'damaged' | 'unknown';
  /** Of content: where it is used first. */
  readonly repository?: string | undefined;
}

/** The set's own files; rejects with a BackupError where its sums are not there. */
export async function* verifyFiles({name, paths}: BackupSet): AsyncGenerator<Problem> {
  const text = await readIfThere(paths.sums);
  if (!text) throw new BackupError(`${paths.sums} is not there: the set can't be trusted`);
  const present = new Set(await filesBelow(paths.root));
  for (const line of text.toString().split('\n').filter(Boolean)) {
    const [, sum, file] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sum === undefined || file === undefined) {
      yield {set: name, what: 'SHA256SUMS', kind: 'damaged'};
      continue;
    }
    if (!present.delete(file)) yield {set: name, what: file, kind: 'missing'};
    else if ((await sha256Of(join(paths.root, file))) !== sum) {
      yield {set: name, what: file, kind: 'damaged'};
    }
  }
  present.delete('SHA256SUMS');
  for (const file of present) yield {set: name, what: file, kind: 'unknown'};
}

/** What is known of content that was looked at already, for the next set. */
export type Known = Map<Digest, Problem['kind'] | undefined>;

interface VerifyOptions {
  readonly known: Known;
  readonly onBlob: (done: number) => void;
}

/** All of it, each blob once; of one without content its own files. */
export async function* verifySet(
  {shelf}: Pick<BackupDirectory, 'shelf'>,
  set: BackupSet,
  {hasContent, known, onBlob}: VerifyOptions & {readonly hasContent: boolean},
): AsyncGenerator<Problem> {
  let isListed = true;
  for await (const problem of verifyFiles(set)) {
    if (problem.what === 'content.jsonl') isListed = false;
    yield problem;
  }
  if (!hasContent || !isListed) return;
  const told = new Set<Digest>();
  for await (const {key, blob, size} of readContentList(set.paths.content)) {
    // What was not there when it was made the set itself tells.
    if (blob === undefined || size === undefined || told.has(blob)) continue;
    told.add(blob);
    if (!known.has(blob)) {
      known.set(blob, await shelf.faultOf(blob));
      onBlob(known.size);
    }
    const kind = known.get(blob);
    if (kind) yield {set: set.name, what: blob, kind, ...repository(key)};
  }
}

const repository = (key: StorageKey): Pick<Problem, 'repository'> => ({
  repository: repositoryOfKey(key),
});
