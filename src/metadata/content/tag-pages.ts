/** Tags of a repository as a person wants them. */
import {type Kysely, sql} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import {inBatches} from '../batches.ts';
import type {Counted, SortedPage} from '../page.ts';
import type {Schema} from '../schema.ts';
import {imageSizes} from './image-sizes.ts';
import {pathOf} from './path.ts';
import {readPlatforms} from './platforms.ts';
import {readSigned} from './signed.ts';
import {containing} from './span.ts';

export const tagOrders = ['name', 'pushed_at'] as const;
export type TagOrder = (typeof tagOrders)[number];

export interface TagRow {
  readonly name: Tag;
  /** The sha256 of its manifest. */
  readonly digest: Digest;
  readonly pushedAt: number;
  readonly pushedBy: string | undefined;
  /** Absent: the manifest is not in the index. */
  readonly mediaType: string | undefined;
  readonly kind: string | undefined;
  readonly platform: string | undefined;
  /** Of an index those of its children. */
  readonly platforms: readonly string[];
  /** Not verified. */
  readonly isSigned: boolean;
  /** Of all that is pulled with it, each blob once, in bytes. */
  readonly size: number | undefined;
  /** By the tag. */
  readonly pulls: number;
  /** By its digest, whether through a tag or not. */
  readonly digestPulls: number;
  readonly lastPulledAt: number | undefined;
}

const rowsOf = (db: Kysely<Schema>, path: string) =>
  db.selectFrom('tags').where('tags.path', '=', path);

export interface TagFilter {
  /** Somewhere in the name, in capitals or not. */
  readonly text?: string | undefined;
  /** Of what it points at. */
  readonly kind?: string | undefined;
}

export async function pageOfTags(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {sort, isDescending, offset, limit, ...filter}: SortedPage<TagOrder> & TagFilter,
): Promise<Counted<TagRow>> {
  const direction = isDescending ? 'desc' : 'asc';
  const {total} = await filtered(db, repository, filter)
    .select(({fn}) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await filtered(db, repository, filter)
    .select('tags.name')
    .$if(sort === 'pushed_at', (query) => query.orderBy('tags.pushed_at', direction))
    .orderBy('tags.name', sort === 'name' ? direction : 'asc')
    .limit(limit)
    .offset(offset)
    .execute();
  const names = rows.map(({name}) => name);
  return {items: await readTagRows(db, repository, names), total};
}

function filtered(db: Kysely<Schema>, repository: RepositoryName, {text, kind}: TagFilter) {
  let query = rowsOf(db, pathOf(repository));
  if (text !== undefined) {
    query = query.where(containing(sql<string>`lower(tags.name)`, text.toLowerCase()));
  }
  if (kind === undefined) return query;
  return query.where((eb) =>
    eb.exists(
      eb
        .selectFrom('manifests')
        .select('manifests.digest')
        .whereRef('manifests.digest', '=', 'tags.digest')
        .where('manifests.kind', '=', kind),
    ),
  );
}

/** Sorted by bytes, strictly after `after`. */
export async function listTagNames(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {after = '', limit}: {readonly after?: string | undefined; readonly limit: number},
): Promise<readonly Tag[]> {
  const rows = await rowsOf(db, pathOf(repository))
    .select('tags.name')
    .where('tags.name', '>', after)
    .orderBy('tags.name')
    .limit(limit)
    .execute();
  return rows.map(({name}) => name as Tag);
}

/** In the order of the names; those that are not there are left out. */
export async function readTagRows(
  db: Kysely<Schema>,
  repository: RepositoryName,
  names: readonly string[],
): Promise<readonly TagRow[]> {
  const found: TagRow[] = [];
  for (const some of inBatches(names)) found.push(...(await readSome(db, repository, some)));
  return found;
}

async function readSome(
  db: Kysely<Schema>,
  repository: RepositoryName,
  names: readonly string[],
): Promise<readonly TagRow[]> {
  const path = pathOf(repository);
  const rows = await rowsOf(db, path)
    .leftJoin('manifests', 'manifests.digest', 'tags.digest')
    .select([
      'tags.name',
      'tags.digest',
      'tags.pushed_at',
      'tags.pushed_by',
      'manifests.media_type',
      'manifests.kind',
      'manifests.platform',
    ])
    .where('tags.name', 'in', names)
    .execute();
  const digests = [...new Set(rows.map(({digest}) => digest as Digest))];
  const sizes = await imageSizes(db, digests);
  const signed = await readSigned(db, repository, digests);
  const indexes = rows.flatMap(({digest, kind}) => (kind === 'index' ? [digest] : []));
  const platforms = await readPlatforms(db, repository, [...new Set(indexes)]);
  const pulled = await db
    .selectFrom('pulls')
    .select(['reference', 'pulls', 'last_pulled_at'])
    .where('path', '=', path)
    .where('reference', 'in', [...names, ...digests])
    .execute();
  const pulls = new Map(pulled.map((row) => [row.reference, row]));
  const byName = new Map(rows.map((row) => [row.name, row]));
  return names.flatMap((name) => {
    const row = byName.get(name);
    if (!row) return [];
    const [own, ofDigest] = [pulls.get(name), pulls.get(row.digest)];
    const last = Math.max(own?.last_pulled_at ?? 0, ofDigest?.last_pulled_at ?? 0);
    return [
      {
        name: name as Tag,
        digest: row.digest as Digest,
        pushedAt: row.pushed_at,
        pushedBy: row.pushed_by ?? undefined,
        mediaType: row.media_type ?? undefined,
        kind: row.kind ?? undefined,
        platform: row.platform ?? undefined,
        platforms: platforms.get(row.digest) ?? (row.platform === null ? [] : [row.platform]),
        isSigned: signed.has(row.digest),
        size: sizes.get(row.digest),
        pulls: own?.pulls ?? 0,
        digestPulls: ofDigest?.pulls ?? 0,
        lastPulledAt: last === 0 ? undefined : last,
      },
    ];
  });
}

export interface TagGroup {
  readonly digest: Digest;
  /** Of one of them, at last. */
  readonly pushedAt: number;
  readonly count: number;
  /** Sorted; of very many some. */
  readonly tags: readonly TagRow[];
}

/** Tags of one group that are shown. */
const mostOfGroup = 100;

/** By what they point at, the one that was pushed last first. */
export async function groupsOfTags(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {offset, limit}: {readonly offset: number; readonly limit: number},
): Promise<Counted<TagGroup>> {
  const path = pathOf(repository);
  const {total} = await rowsOf(db, path)
    .select(({fn}) => fn.count<number>('tags.digest').distinct().as('total'))
    .executeTakeFirstOrThrow();
  const groups = await rowsOf(db, path)
    .select(({fn}) => [
      'tags.digest',
      fn.max('tags.pushed_at').as('last'),
      fn.countAll<number>().as('count'),
    ])
    .groupBy('tags.digest')
    .orderBy('last', 'desc')
    .orderBy('tags.digest')
    .limit(limit)
    .offset(offset)
    .execute();
  const rows = await readTagRows(db, repository, await namesOfGroups(db, path, groups));
  const byDigest = Map.groupBy(rows, ({digest}) => digest);
  const items = groups.map(({digest, last, count}): TagGroup => {
    const own = digest as Digest;
    return {digest: own, pushedAt: last, count, tags: byDigest.get(own) ?? []};
  });
  return {items, total};
}

/** Sorted. All of the small groups are read at once: an engine that is asked for the first few of one may look through the whole repository. */
async function namesOfGroups(
  db: Kysely<Schema>,
  path: string,
  groups: readonly {readonly digest: string; readonly count: number}[],
): Promise<readonly string[]> {
  const names: string[] = [];
  const small = groups.filter(({count}) => count <= mostOfGroup);
  for (const some of inBatches(small)) {
    const digests = some.map(({digest}) => digest);
    const query = rowsOf(db, path).select('tags.name').where('tags.digest', 'in', digests);
    names.push(...(await query.execute()).map(({name}) => name));
  }
  for (const {digest, count} of groups) {
    if (count <= mostOfGroup) continue;
    const query = rowsOf(db, path).select('tags.name').where('tags.digest', '=', digest);
    const rows = await query.orderBy('tags.name').limit(mostOfGroup).execute();
    names.push(...rows.map(({name}) => name));
  }
  return names.sort((one, other) => (one < other ? -1 : 1));
}
