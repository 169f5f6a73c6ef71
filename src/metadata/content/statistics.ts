/** What statistics are made of, in parts that take little time each. */
import type {Kysely} from 'kysely';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';

/** One blob or manifest that a repository holds. */
export interface Use {
  readonly digest: string;
  readonly path: string;
  readonly size: number;
}

export interface Uses {
  /** By digest: all uses of one stand together. */
  readonly uses: readonly Use[];
  /** The last digest of this part; absent: there are no more. */
  readonly last: string | undefined;
}

/** Rows that a part is measured by; one that very many hold makes a larger part. */
const atOnce = 2000;
/** Rows of one blob that are read at once, at most. */
const mostAtOnce = 64_000;

/** `undefined`: all that are left make one part. */
async function lastOfPart(
  db: Kysely<Schema>,
  table: 'manifest_contents' | 'revisions_held',
  after: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom(table)
    .select('digest')
    .where('digest', '>', after)
    .orderBy('digest')
    .limit(1)
    .offset(atOnce)
    .executeTakeFirst();
  return row?.digest;
}

/** What manifests name. */
export async function usesOfBlobs(db: Kysely<Schema>, after: string): Promise<Uses> {
  const last = await lastOfPart(db, 'manifest_contents', after);
  let query = db
    .selectFrom('manifest_contents')
    .innerJoin('revisions_held', 'revisions_held.digest', 'manifest_contents.manifest')
    .select(({fn}) => [
      'manifest_contents.digest',
      'revisions_held.path',
      fn.max('size').as('size'),
    ])
    .where('manifest_contents.digest', '>', after)
    .where('role', '<>', 'child');
  if (last !== undefined) query = query.where('manifest_contents.digest', '<', last);
  const uses = await query
    .groupBy(['manifest_contents.digest', 'revisions_held.path'])
    .orderBy('manifest_contents.digest')
    .execute();
  return {uses: last === undefined ? uses : [...uses, ...(await usesOf(db, last))], last};
}

/** Of the one blob in which a part ends: where everything names it, it is many times as much as all others of the part. */
async function usesOf(db: Kysely<Schema>, digest: string): Promise<readonly Use[]> {
  const sizes = new Map<string, number>();
  // Some engines sort all of them for each batch: the batches grow, so that they are few.
  for (let after = '', limit = atOnce; ; limit = Math.min(2 * limit, mostAtOnce)) {
    const rows = await db
      .selectFrom('manifest_contents')
      .select(['manifest', 'size'])
      .where('digest', '=', digest)
      .where('manifest', '>', after)
      .where('role', '<>', 'child')
      .orderBy('manifest')
      .limit(limit)
      .execute();
    const ofManifests = new Map(rows.map(({manifest, size}) => [manifest, size]));
    for (const some of inBatches([...ofManifests.keys()])) {
      const held = await db
        .selectFrom('revisions_held')
        .select(['digest', 'path'])
        .where('digest', 'in', some)
        .execute();
      for (const {digest: manifest, path} of held) {
        sizes.set(path, Math.max(sizes.get(path) ?? 0, ofManifests.get(manifest) ?? 0));
      }
    }
    const end = rows.at(-1)?.manifest;
    if (end === undefined || rows.length < limit) break;
    after = end;
  }
  return [...sizes].map(([path, size]) => ({digest, path, size}));
}

/** The manifests themselves. */
export async function usesOfManifests(db: Kysely<Schema>, after: string): Promise<Uses> {
  const last = await lastOfPart(db, 'revisions_held', after);
  let query = db
    .selectFrom('revisions_held')
    .innerJoin('manifests', 'manifests.digest', 'revisions_held.digest')
    .select(['revisions_held.digest', 'revisions_held.path', 'manifests.size'])
    .where('revisions_held.digest', '>', after);
  if (last !== undefined) query = query.where('revisions_held.digest', '<=', last);
  const rows = await query.orderBy('revisions_held.digest').execute();
  return {uses: rows.map(({digest, path, size}) => ({digest, path, size})), last};
}

/** Repositories and their tags, after a path. */
export async function partOfRepositories(
  db: Kysely<Schema>,
  after: string,
): Promise<readonly {readonly path: string; readonly tags: number}[]> {
  const rows = await db
    .selectFrom('repositories')
    .select(['path', 'tag_count'])
    .where('path', '>', after)
    .orderBy('path')
    .limit(atOnce)
    .execute();
  return rows.map(({path, tag_count: tags}) => ({path, tags}));
}
