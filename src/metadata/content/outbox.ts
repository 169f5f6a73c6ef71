/** What is about to change in the storage: committed before it does, and gone once the index has it. */
import {randomUUID} from 'node:crypto';
import type {Kysely} from 'kysely';
import {type Digest, isDigest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {isTag, type Tag} from '../../oci/tag.ts';
import type {Deed, Happening, Origin} from '../events/event.ts';
import type {Schema} from '../schema.ts';
import {nameOf, pathOf} from './path.ts';

export interface Change {
  readonly repository: RepositoryName;
  /** Manifests and tags that come, change or go. */
  readonly digests: readonly Digest[];
  readonly tags: readonly Tag[];
  readonly origin: Origin;
  /** Absent: nobody is told of it. */
  readonly deed?: Deed | undefined;
  /** In ms. */
  readonly at: number;
}

export interface OpenChange extends Change {
  readonly id: string;
}

/** All of them or none; durable when it resolves. */
export async function insertChanges(
  db: Kysely<Schema>,
  changes: readonly Change[],
): Promise<readonly OpenChange[]> {
  const open = changes.map((change) => ({...change, id: randomUUID()}));
  const rows = open.map(({id, repository, digests, tags, origin, deed, at}) => ({
    id,
    path: pathOf(repository),
    digests: JSON.stringify(digests),
    tags: JSON.stringify(tags),
    actor: origin.actor ?? null,
    created_at: at,
    happening: deed ? JSON.stringify({deed, ...told(origin)}) : null,
  }));
  await db.insertInto('outbox').values(rows).execute();
  return open;
}

/** The oldest that were begun before `before`. */
export async function listChanges(
  db: Kysely<Schema>,
  {before, limit}: {readonly before: number; readonly limit: number},
): Promise<readonly OpenChange[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute();
  return rows.map(({id, path, digests, tags, actor, created_at: at, happening}) => ({
    id,
    repository: nameOf(path),
    ...partOf(digests, tags),
    ...toldOf(happening, actor ?? undefined),
    at,
  }));
}

/** All but the name, which has a column of its own. */
const told = ({request, doer, credential}: Origin) => ({request, doer, credential});

/** What there is to tell of it once it is done: each tag by itself. */
export const happeningsOf = ({
  repository,
  tags,
  origin,
  deed,
  at,
}: Change): readonly Happening[] => {
  if (!deed) return [];
  const happening = {...deed, ...origin, repository, at};
  return tags.length === 0 ? [happening] : tags.map((tag) => ({...happening, tag}));
};

function toldOf(
  happening: string | null,
  actor: string | undefined,
): Pick<Change, 'origin' | 'deed'> {
  if (happening === null) return {origin: {actor}};
  // Written by `insertChanges` alone.
  const {deed, ...more} = JSON.parse(happening) as Pick<Change, 'deed'> & ReturnType<typeof told>;
  return {origin: {actor, ...more}, deed};
}

/** Of a row that can't be read nothing but the repository is believed, and all of that is looked at. */
function partOf(digests: string, tags: string): Pick<Change, 'digests' | 'tags'> {
  const [digestList, tagList] = [listOf(digests, isDigest), listOf(tags, isTag)];
  return digestList && tagList ? {digests: digestList, tags: tagList} : {digests: [], tags: []};
}

function listOf<T extends string>(
  text: string,
  isOne: (item: string) => item is T,
): T[] | undefined {
  try {
    const list = JSON.parse(text) as unknown;
    if (!Array.isArray(list)) return undefined;
    const items = list.filter((item): item is T => typeof item === 'string' && isOne(item));
    return items.length === list.length ? items : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** All that is open there. */
export async function openChangesOf(
  db: Kysely<Schema>,
  repository: RepositoryName,
): Promise<readonly string[]> {
  const query = db.selectFrom('outbox').select('id').where('path', '=', pathOf(repository));
  return (await query.execute()).map(({id}) => id);
}

export async function deleteChanges(db: Kysely<Schema>, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await db
      .deleteFrom('outbox')
      .where('id', 'in', [...ids])
      .execute();
}

export async function countChanges(db: Kysely<Schema>): Promise<number> {
  const query = db.selectFrom('outbox').select((eb) => eb.fn.countAll<number>().as('count'));
  return (await query.executeTakeFirstOrThrow()).count;
}
