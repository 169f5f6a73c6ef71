/** What a backup names and a storage does not hold, without a look into the bytes. */
import type {StorageDriver} from '../storage/driver.ts';
import {repositoryOfKey} from '../storage/content-walk.ts';
import {inBatches} from '../storage/in-batches.ts';
import {blobKey} from '../storage/keys.ts';
import {bytesOf, type ContentLine, readContentList} from './content-line.ts';
import type {Finding} from './set-record.ts';

const width = 16;

export interface Comparison {
  readonly files: number;
  /** Small files that are not there, or have another text: tags that were moved since, too. */
  readonly differing: readonly string[];
  readonly findings: readonly Finding[];
}

export async function compareContent(
  list: string,
  driver: StorageDriver,
  onProgress: (files: number) => void,
): Promise<Comparison> {
  let files = 0;
  const differing: string[] = [];
  const findings: Finding[] = [];
  for await (const batch of inBatches(readContentList(list), width)) {
    const looked = await Promise.all(batch.map(async (line) => look(driver, line)));
    for (const {isSame, finding, key} of looked) {
      if (!isSame) differing.push(key);
      if (finding) findings.push(finding);
    }
    files += batch.length;
    onProgress(files);
  }
  return {files, differing, findings};
}

async function look(driver: StorageDriver, line: ContentLine) {
  const {key, blob, size} = line;
  const content = await driver.read(key);
  const isSame = content?.equals(bytesOf(line)) === true;
  if (blob === undefined || size === undefined) return {key, isSame, finding: undefined};
  const stat = await driver.stat(blobKey(blob));
  if (stat?.size === size) return {key, isSame, finding: undefined};
  const repository = repositoryOfKey(key) ?? '';
  const kind = stat ? ('damaged' as const) : ('missing' as const);
  return {key, isSame, finding: {kind, repository, digest: blob}};
}
