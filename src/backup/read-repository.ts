/** One repository as it is now: its small files, the bytes that they lead to, and what of them is missing. */
import {type Digest, isDigest} from '../oci/digest.ts';
import {readManifest} from '../oci/manifest.ts';
import {type ContentFile, walkContent} from '../storage/content-walk.ts';
import {StorageError, type StorageDriver} from '../storage/driver.ts';
import {inBatches} from '../storage/in-batches.ts';
import {blobKey} from '../storage/keys.ts';
import type {Taken} from './blob-shelf.ts';
import {type ContentLine, textOf} from './content-line.ts';
import type {Finding} from './set-record.ts';

/** Takes the bytes of a digest into the backup, or looks whether they are there. */
export type Take = (digest: Digest) => Promise<Taken>;

export interface RepositoryContent {
  readonly lines: readonly ContentLine[];
  readonly tags: number;
  readonly manifests: number;
  readonly findings: readonly Finding[];
}

const width = 16;
/** Bytes are copied by so many at once. */
const copyWidth = 4;
/** A push or a deletion between two looks shows as a gap, which another look does not have. */
const looks = 3;

interface Look extends RepositoryContent {
  /** Manifests of indexes that are not there: that may be so, or they came in a moment after they were looked for. */
  readonly absentChildren: readonly string[];
}

/** Rejects with a StorageError, or what `take` rejects with. */
export async function readRepository(
  driver: StorageDriver,
  repository: string,
  take: Take,
): Promise<RepositoryContent> {
  let former: string | undefined;
  for (let attempt = 1; ; attempt++) {
    const look = await lookAt(driver, repository, take);
    const gaps = JSON.stringify([look.findings, look.absentChildren]);
    const isWhole = look.findings.length + look.absentChildren.length === 0;
    if (isWhole || gaps === former || attempt === looks) return look;
    former = gaps;
  }
}

async function lookAt(driver: StorageDriver, repository: string, take: Take): Promise<Look> {
  const links: Links = {layers: new Map(), revisions: new Map(), findings: []};
  const lines: ContentLine[] = [];
  let tags = 0;
  for await (const batch of inBatches(walkContent(driver, repository), width)) {
    const read = await Promise.all(batch.map(async (file) => readLine(driver, file)));
    for (const [at, line] of read.entries()) {
      const file = batch[at];
      // Deleted meanwhile.
      if (!line || !file) continue;
      lines.push(line);
      if (file.role.kind === 'tag') tags++;
      else note(links, file, line, repository);
    }
  }
  const sizes = await takeAll([...links.layers.values(), ...links.revisions.values()], take);
  const {absentChildren, findings} = await examine(driver, repository, links, sizes);
  const sized = lines.map((line) => withSize(line, sizes));
  // The order of keys is the same in every backup, whatever the order in which they were read.
  sized.sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    lines: sized,
    tags,
    manifests: new Set(links.revisions.values()).size,
    findings: [...links.findings, ...findings],
    absentChildren,
  };
}

interface Links {
  /** By the digest they are named after, the sha256 of the bytes. */
  readonly layers: Map<Digest, Digest>;
  readonly revisions: Map<Digest, Digest>;
  readonly findings: Finding[];
}

/** `undefined`: it is not there any more. */
export async function readLine(
  driver: StorageDriver,
  {key, role}: ContentFile,
): Promise<ContentLine | undefined> {
  const [content, stat] = await Promise.all([driver.read(key), driver.stat(key)]);
  if (!content || !stat) return undefined;
  const line = {key, ...textOf(content), time: stat.modifiedAt.getTime()};
  const leads = role.kind === 'revision' || role.kind === 'layer';
  const target = line.text?.trim() ?? '';
  return leads && isDigest(target) ? {...line, blob: target} : line;
}

function note(
  {layers, revisions, findings}: Links,
  {role}: ContentFile,
  line: ContentLine,
  repository: string,
): void {
  if (role.kind !== 'revision' && role.kind !== 'layer') return;
  if (line.blob === undefined) {
    findings.push({kind: 'damaged', repository, digest: role.digest});
    return;
  }
  (role.kind === 'layer' ? layers : revisions).set(role.digest, line.blob);
}

type Sizes = ReadonlyMap<Digest, Taken>;

async function takeAll(digests: readonly Digest[], take: Take): Promise<Sizes> {
  const sizes = new Map<Digest, Taken>();
  const waiting = [...new Set(digests)];
  const work = async (): Promise<void> => {
    for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
      sizes.set(digest, await take(digest));
    }
  };
  const workers = Array.from({length: copyWidth}, work);
  // Where one fails the others are waited for: they write into the backup.
  await Promise.allSettled(workers);
  await Promise.all(workers);
  return sizes;
}

function withSize(line: ContentLine, sizes: Sizes): ContentLine {
  const size = line.blob && sizes.get(line.blob);
  return typeof size === 'number' ? {...line, size} : line;
}

async function examine(
  driver: StorageDriver,
  repository: string,
  {layers, revisions}: Links,
  sizes: Sizes,
): Promise<{readonly findings: readonly Finding[]; readonly absentChildren: readonly string[]}> {
  const findings: Finding[] = [];
  const absentChildren: string[] = [];
  for (const [digest, taken] of sizes) {
    if (typeof taken === 'string') findings.push({kind: taken, repository, digest});
  }
  for (const [manifest, canonical] of revisions) {
    if (typeof sizes.get(canonical) === 'string') continue;
    const content = await readBounded(driver, canonical);
    const named = content && readManifest(content);
    if (!named) continue;
    for (const {digest} of named.blobs) {
      // The JSON of a configuration may be pushed as a manifest, too.
      if (layers.has(digest) || revisions.has(digest)) continue;
      findings.push({kind: 'incomplete', repository, digest, manifest});
    }
    for (const {digest} of named.children) if (!revisions.has(digest)) absentChildren.push(digest);
  }
  return {findings, absentChildren};
}

/** `undefined`: it is not there, or so large that it is no manifest. */
async function readBounded(driver: StorageDriver, digest: Digest): Promise<Buffer | undefined> {
  try {
    return await driver.read(blobKey(digest));
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'too-large') return undefined;
    throw error;
  }
}
