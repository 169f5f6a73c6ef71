/** A manifest as one repository has it. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import type {Schema} from '../schema.ts';
import {heldAmong} from './held-manifests.ts';
import {imageSizes} from './image-sizes.ts';
import {pathOf} from './path.ts';
import {readSigned} from './signed.ts';

export interface HeldManifest {
  readonly pushedAt: number;
  readonly pushedBy: string | undefined;
  readonly platform: string | undefined;
  /** Of all that is pulled with it, each blob once, in bytes. */
  readonly size: number | undefined;
  readonly isSigned: boolean;
  /** By its digest. */
  readonly pulls: number;
  readonly lastPulledAt: number | undefined;
  readonly tagCount: number;
  /** The first of those that point at it. */
  readonly tags: readonly Tag[];
  /** Indexes of the repository that name it, the first of them. */
  readonly indexes: readonly Digest[];
}

export const mostNames = 100;
const mostLooked = 1000;

/** `undefined`: the index does not have it there. */
export async function readHeldManifest(
  db: Kysely<Schema>,
  repository: RepositoryName,
  digest: Digest,
): Promise<HeldManifest | undefined> {
  const path = pathOf(repository);
  const row = await db
    .selectFrom('revisions_held')
    .leftJoin('manifests', 'manifests.digest', 'revisions_held.digest')
    .select(['revisions_held.pushed_at', 'revisions_held.pushed_by', 'manifests.platform'])
    .where('revisions_held.path', '=', path)
    .where('revisions_held.digest', '=', digest)
    .executeTakeFirst();
  if (!row) return undefined;
  const pulled = await db
    .selectFrom('pulls')
    .select(['pulls', 'last_pulled_at'])
    .where('path', '=', path)
    .where('reference', '=', digest)
    .executeTakeFirst();
  const tags = db.selectFrom('tags').where('path', '=', path).where('digest', '=', digest);
  const {count} = await tags
    .select(({fn}) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const names = await tags.select('name').orderBy('name').limit(mostNames).execute();
  return {
    pushedAt: row.pushed_at,
    pushedBy: row.pushed_by ?? undefined,
    platform: row.platform ?? undefined,
    size: (await imageSizes(db, [digest])).get(digest),
    isSigned: (await readSigned(db, repository, [digest])).has(digest),
    pulls: pulled?.pulls ?? 0,
    lastPulledAt: pulled?.last_pulled_at,
    tagCount: count,
    tags: names.map(({name}) => name as Tag),
    indexes: await indexesNaming(db, path, digest),
  };
}

async function indexesNaming(
  db: Kysely<Schema>,
  path: string,
  digest: Digest,
): Promise<readonly Digest[]> {
  const rows = await db
    .selectFrom('manifest_contents')
    .select('manifest')
    .distinct()
    .where('digest', '=', digest)
    .where('role', '=', 'child')
    .orderBy('manifest')
    .limit(mostLooked)
    .execute();
  const named = rows.map(({manifest}) => manifest as Digest);
  const held = await heldAmong(db, path, named);
  return named.filter((each) => held.has(each)).slice(0, mostNames);
}
