/**
 * The layout below the storage root. Every key is built here.
 *
 * docker/registry/v2/
 *   blobs/<algorithm>/<first 2 hex>/<hex>/data            the bytes of a blob or manifest, under its sha256
 *   repositories/<name>/
 *     _layers/<algorithm>/<hex>/link                      the repository holds this blob; the link's text is its sha256 digest
 *     _manifests/revisions/<algorithm>/<hex>/link         the repository holds this manifest
 *     _manifests/revisions/<algorithm>/<hex>/_mediatype   ours: the Content-Type it was pushed with, where its JSON doesn't tell
 *     _manifests/tags/<tag>/current/link                  what the tag points at
 *     _manifests/tags/<tag>/index/<algorithm>/<hex>/link  what it ever pointed at
 *     _uploads/<uuid>/startedat                           RFC 3339 time
 *     _uploads/<uuid>/<offset>.segment                    ours: the bytes of one request, from that offset on
 *     _uploads/<uuid>/<random>.joined                     ours: all segments as one, about to become a blob
 *     _referrers/<algorithm>/<subject>/<algorithm>/<hex>/link   ours: this manifest has that subject
 *     _history/<tag>/<time>-<algorithm>-<hex>             ours, append-only: what the tag pointed at, when, and by whom
 *     _history/<tag>/<time>-deleted                       ours: it was deleted then
 * _holdfast/
 *   digests/<algorithm>/<first 2 hex>/<hex>/link          ours: the sha256 of a blob that was pushed by another digest
 *   trash/<date>/<algorithm>-<hex>-<random>               ours: damaged content, put aside
 *
 * The rest of `_holdfast/` is the driver's own.
 */
import {type Digest, digestAlgorithm, digestHex, isDigest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Tag} from '../oci/tag.ts';
import type {StorageKey} from './driver.ts';

const key = (...segments: readonly string[]): StorageKey => segments.join('/') as StorageKey;
const pair = (digest: Digest): string => `${digestAlgorithm(digest)}/${digestHex(digest)}`;

export const repositoriesRoot = key('docker/registry/v2/repositories');
const blobsRoot = key('docker/registry/v2/blobs');

/** Which volume it is; the driver's own, and read here by who copies it. */
export const volumeRecordKey = key('_holdfast/volume.json');
export const digestsRoot = key('_holdfast/digests');

/** Something below a prefix that a listing has named. */
export const below = (prefix: StorageKey, ...names: readonly string[]): StorageKey =>
  key(prefix, ...names);

export const blobKey = (digest: Digest): StorageKey =>
  key(blobsRoot, digestAlgorithm(digest), digestHex(digest).slice(0, 2), digestHex(digest), 'data');

export const digestLinkKey = (digest: Digest): StorageKey =>
  key(
    '_holdfast/digests',
    digestAlgorithm(digest),
    digestHex(digest).slice(0, 2),
    digestHex(digest),
    'link',
  );

export const trashKey = (date: string, digest: Digest, unique: string): StorageKey =>
  key('_holdfast/trash', date, `${digestAlgorithm(digest)}-${digestHex(digest)}-${unique}`);

/** The keys of one repository. */
export function repositoryKeys(name: RepositoryName) {
  const root = key(repositoriesRoot, name);
  const revision = (digest: Digest) => key(root, '_manifests/revisions', pair(digest));
  return {
    manifests: key(root, '_manifests'),
    revisions: key(root, '_manifests/revisions/sha256'),
    layers: key(root, '_layers'),
    allReferrers: key(root, '_referrers'),
    layerLink: (digest: Digest) => key(root, '_layers', pair(digest), 'link'),
    revisionLink: (digest: Digest) => key(revision(digest), 'link'),
    revisionMediaType: (digest: Digest) => key(revision(digest), '_mediatype'),
    tags: key(root, '_manifests/tags'),
    tag: (tag: Tag) => key(root, '_manifests/tags', tag),
    tagLink: (tag: Tag) => key(root, '_manifests/tags', tag, 'current/link'),
    tagIndex: (tag: Tag) => key(root, '_manifests/tags', tag, 'index/sha256'),
    tagIndexLink: (tag: Tag, digest: Digest) =>
      key(root, '_manifests/tags', tag, 'index', pair(digest), 'link'),
    histories: key(root, '_history'),
    historyOf: (tag: Tag) => key(root, '_history', tag),
    history: (tag: Tag, at: Date, digest: Digest | undefined) =>
      key(
        root,
        '_history',
        tag,
        `${stampOf(at)}-${digest ? pair(digest).replace('/', '-') : 'deleted'}`,
      ),
    historyFile: (tag: Tag, file: string) => key(root, '_history', tag, file),
    referrers: (subject: Digest) => key(root, '_referrers', pair(subject)),
    referrerLink: (subject: Digest, referrer: Digest) =>
      key(root, '_referrers', pair(subject), pair(referrer), 'link'),
    uploads: key(root, '_uploads'),
    upload: (id: string) => key(root, '_uploads', id),
    uploadStart: (id: string) => key(root, '_uploads', id, 'startedat'),
    /** Padded, so that the order of names is the order of bytes. */
    segment: (id: string, offset: number) =>
      key(root, '_uploads', id, `${String(offset).padStart(15, '0')}.segment`),
    joined: (id: string, unique: string) => key(root, '_uploads', id, `${unique}.joined`),
  };
}

/** The offset in a segment's name; `undefined`: another file. */
export function segmentOffset(name: string): number | undefined {
  const match = /^(\d{15})\.segment$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** A time without colons, which not every file system takes. */
const stampOf = (at: Date): string => at.toISOString().replaceAll(':', '');

/** What the name of a file of a history says; `undefined`: another file. */
export function historyEntry(
  file: string,
): {readonly at: Date; readonly digest: Digest | undefined} | undefined {
  const match =
    /^(\d{4}-\d\d-\d\dT\d\d)(\d\d)(\d\d\.\d{3}Z)-(?:deleted|(sha\d{3})-([0-9a-f]+))$/.exec(file);
  if (!match) return undefined;
  const [, hour = '', minute = '', rest = '', algorithm, hex = ''] = match;
  const at = new Date(`${hour}:${minute}:${rest}`);
  if (Number.isNaN(at.getTime())) return undefined;
  if (algorithm === undefined) return {at, digest: undefined};
  const digest = `${algorithm}:${hex}`;
  return isDigest(digest) ? {at, digest} : undefined;
}
