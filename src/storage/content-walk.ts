/** All that is small in the storage, for whoever copies it: what leads to something is told before that, so that what a push adds meanwhile leaves no gap. */
import {type Digest, isDigest} from '../oci/digest.ts';
import type {StorageDriver, StorageKey} from './driver.ts';
import {below, digestsRoot, repositoriesRoot} from './keys.ts';

/** `layer` and `revision`: the link of that digest, whose text is the sha256 of the bytes. */
type ContentRole =
  | {readonly kind: 'tag'; readonly tag: string}
  | {readonly kind: 'revision' | 'layer'; readonly digest: Digest}
  | {readonly kind: 'other'};

export interface ContentFile {
  readonly key: StorageKey;
  readonly role: ContentRole;
}

const uploads = '_uploads';

/** Whatever has content, or has had, in the order of the catalogue. */
export async function* walkRepositories(driver: StorageDriver): AsyncGenerator<string> {
  yield* repositoriesBelow(driver, repositoriesRoot, '');
}

async function* repositoriesBelow(
  driver: StorageDriver,
  key: StorageKey,
  path: string,
): AsyncGenerator<string> {
  const names: string[] = [];
  let hasContent = false;
  for await (const {name, kind} of driver.list(key)) {
    if (kind !== 'prefix') continue;
    if (!name.startsWith('_')) names.push(name);
    else if (name !== uploads) hasContent = true;
  }
  if (hasContent && path !== '') yield path.slice(0, -1);
  for (const name of names) {
    yield* repositoriesBelow(driver, below(key, name), `${path}${name}/`);
  }
}

/** Of one repository, but its uploads under way: tags first, then manifests, then layers. */
export async function* walkContent(
  driver: StorageDriver,
  repository: string,
): AsyncGenerator<ContentFile> {
  const root = below(repositoriesRoot, ...repository.split('/'));
  const parts: StorageKey[] = [];
  for (const name of await prefixesOf(driver, root)) {
    if (!name.startsWith('_') || name === uploads) continue;
    const part = below(root, name);
    if (name === '_manifests') {
      for (const inner of await prefixesOf(driver, part)) parts.push(below(part, inner));
    } else parts.push(part);
  }
  const start = root.length + 1;
  const ranked = parts.toSorted((a, b) => rankOf(a.slice(start)) - rankOf(b.slice(start)));
  for (const part of ranked) {
    for await (const key of objectsBelow(driver, part)) {
      yield {key, role: roleOf(key.slice(start))};
    }
  }
}

/** What leads from digests of other algorithms to the sha256 of the bytes. */
export async function* walkDigests(driver: StorageDriver): AsyncGenerator<ContentFile> {
  for await (const key of objectsBelow(driver, digestsRoot)) yield {key, role: {kind: 'other'}};
}

const last = ['_manifests/tags', '_history', '_referrers', '_manifests/revisions', '_layers'];

/** Those that nobody knows come first: they may lead anywhere. */
const rankOf = (part: string): number => last.indexOf(part);

async function prefixesOf(driver: StorageDriver, key: StorageKey): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const {name, kind} of driver.list(key)) if (kind === 'prefix') names.push(name);
  return names;
}

async function* objectsBelow(
  driver: StorageDriver,
  prefix: StorageKey,
): AsyncGenerator<StorageKey> {
  for await (const {name, kind} of driver.list(prefix)) {
    const key = below(prefix, name);
    if (kind === 'object') yield key;
    else yield* objectsBelow(driver, key);
  }
}

function roleOf(path: string): ContentRole {
  const tag = /^_manifests\/tags\/([^/]+)\/current\/link$/.exec(path)?.[1];
  if (tag !== undefined) return {kind: 'tag', tag};
  const link = /^(_manifests\/revisions|_layers)\/([a-z0-9]+)\/([0-9a-f]+)\/link$/.exec(path);
  const digest = `${link?.[2] ?? ''}:${link?.[3] ?? ''}`;
  if (!link || !isDigest(digest)) return {kind: 'other'};
  return {kind: link[1] === '_layers' ? 'layer' : 'revision', digest};
}

/** Whether a list may name it: of what a walk tells, and nothing else. */
export const isContentKey = (text: string): text is StorageKey =>
  (text.startsWith(`${repositoriesRoot}/`) || text.startsWith(`${digestsRoot}/`)) &&
  text.split('/').every((part) => /^[A-Za-z0-9._-]+$/.test(part) && part !== '.' && part !== '..');

/** The repository of a key of a walk; `undefined`: it is of none. */
export function repositoryOfKey(key: StorageKey): string | undefined {
  if (!key.startsWith(`${repositoriesRoot}/`)) return undefined;
  const path = key.slice(repositoriesRoot.length + 1);
  const end = path.search(/(^|\/)_/);
  return end <= 0 ? undefined : path.slice(0, end);
}
