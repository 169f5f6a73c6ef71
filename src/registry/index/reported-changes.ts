/** What another program says that it has changed in the storage: looked at there, and told as what is changed here. */
import {LRUCache} from 'lru-cache';
import type {Clock} from '../../host/clock.ts';
import {readKnown, readRevisions, readTags} from '../../metadata/content/held.ts';
import {type Change, insertChanges} from '../../metadata/content/outbox.ts';
import type {Origin} from '../../metadata/events/event.ts';
import {type Digest, digestAlgorithm} from '../../oci/digest.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import type {OpenIndex} from './open-index.ts';
import {within} from './within.ts';

export interface Report {
  /** The same however often it is reported; absent: nobody can tell. */
  readonly id: string | undefined;
  readonly action: 'push' | 'delete';
  readonly repository: RepositoryName;
  /** Of a push there is one. Of a deletion without it and without a tag, the whole repository is meant. */
  readonly digest: Digest | undefined;
  readonly tag: Tag | undefined;
  readonly mediaType: string | undefined;
  /** In bytes. */
  readonly size: number | undefined;
  readonly origin: Origin;
  /** False: the index gets it, and nobody else is told. */
  readonly isTold: boolean;
}

/** Resolves with how many were news, when they are written down. Rejects with UNAVAILABLE, or a MetadataError, where that is not possible; then none was taken. */
export type TakeReports = (reports: readonly Report[]) => Promise<number>;

/** Of which it is remembered that they were taken: whoever hears no answer reports again. */
const mostRemembered = 10_000;
/** In milliseconds: so long it may take to write them down. */
const longest = 10_000;

export function takingReports(
  {db, content}: Pick<OpenIndex, 'db' | 'content'>,
  now: Clock,
): TakeReports {
  const taken = new LRUCache<string, true>({max: mostRemembered});
  return async (reports) => {
    const at = now().getTime();
    const fresh = reports.filter(({id}, index) => {
      if (id === undefined) return true;
      return !taken.has(id) && reports.findIndex((other) => other.id === id) === index;
    });
    if (fresh.length === 0) return 0;
    const writing = Promise.all(fresh.map(async (report) => changeOf(db, report, at))).then(
      async (changes) => insertChanges(db, changes),
    );
    const open = await within(writing, longest);
    if (!open) {
      throw new RegistryError('UNAVAILABLE', {
        message: 'events can not be written down at present; send them again',
        headers: {'Retry-After': '5'},
      });
    }
    for (const {id} of fresh) if (id !== undefined) taken.set(id, true);
    // Nothing is believed: the index gets what lies in the storage.
    for (const change of open) content.follow(change);
    return open.length;
  };
}

async function changeOf(db: OpenIndex['db'], report: Report, at: number): Promise<Change> {
  const {repository, digest, tag, origin} = report;
  // The index knows manifests by their sha256.
  const digests = digest && digestAlgorithm(digest) === 'sha256' ? [digest] : [];
  const isTagAlone = report.action === 'delete' && tag !== undefined;
  return {
    repository,
    digests: isTagAlone ? [] : digests,
    tags: tag === undefined ? [] : [tag],
    origin,
    deed: report.isTold ? await deedOf(db, report) : undefined,
    at,
  };
}

/** `undefined`: nobody is told of it. */
async function deedOf(
  db: OpenIndex['db'],
  {action, repository, digest, tag, mediaType, size}: Report,
): Promise<Change['deed']> {
  if (action === 'push') return {action, object: 'manifest', digest, mediaType, size};
  // What the index does not have was no manifest, but a blob, or was told of before.
  if (tag !== undefined) {
    const held = await readTags(db, [{repository, selection: [tag]}]);
    return held.get(repository)?.has(tag) === true ? {action, object: 'tag'} : undefined;
  }
  if (digest !== undefined) {
    const held = await readRevisions(db, [{repository, selection: [digest]}]);
    const isHeld = held.get(repository)?.has(digest) === true;
    return isHeld ? {action, object: 'manifest', digest} : undefined;
  }
  const isKnown = (await readKnown(db, [repository])).has(repository);
  return isKnown ? {action, object: 'repository'} : undefined;
}
