/** How much some manifests of a repository hold, and how much of that nothing else holds. */
import type {Kysely} from 'kysely';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';
import {pathOf} from './path.ts';

/** In bytes. */
interface HeldSize {
  /** Of them and of what they name, each once. */
  readonly bytes: number;
  /** Of what no other manifest of the registry names, and no other repository holds. */
  readonly exclusive: number;
}

/** More of them than are ever asked for: what so many name, another one names. */
const mostNaming = 4000;
const blobsAtOnce = 50;

/** `manifests`: fewer than 4,000. */
export async function sizeOfManifests(
  db: Kysely<Schema>,
  repository: string,
  manifests: ReadonlySet<string>,
): Promise<HeldSize> {
  const sizes = new Map<string, number>();
  const own = new Map<string, number>();
  for (const some of inBatches([...manifests])) {
    const rows = await db
      .selectFrom('manifests')
      .select(['digest', 'size'])
      .where('digest', 'in', some)
      .execute();
    for (const {digest, size} of rows) own.set(digest, size);
    const contents = await db
      .selectFrom('manifest_contents')
      .select(({fn}) => ['digest', fn.max('size').as('size')])
      .where('manifest', 'in', some)
      .where('role', '<>', 'child')
      .groupBy('digest')
      .execute();
    for (const {digest, size} of contents) sizes.set(digest, size);
  }
  const path = pathOf(repository);
  const shared = new Set<string>();
  for (const some of inBatches([...own.keys()])) {
    const rows = await db
      .selectFrom('revisions_held')
      .select('digest')
      .distinct()
      .where('digest', 'in', some)
      .where('path', '<>', path)
      .execute();
    for (const {digest} of rows) shared.add(digest);
  }
  for (const some of inBatches([...sizes.keys()], blobsAtOnce)) {
    for (const digest of await sharedAmong(db, path, some, manifests)) shared.add(digest);
  }
  const all = [...own, ...sizes];
  const sum = (total: number, [, size]: readonly [string, number]): number => total + size;
  return {
    bytes: all.reduce(sum, 0),
    exclusive: all.filter(([digest]) => !shared.has(digest)).reduce(sum, 0),
  };
}

async function sharedAmong(
  db: Kysely<Schema>,
  path: string,
  blobs: readonly string[],
  manifests: ReadonlySet<string>,
): Promise<readonly string[]> {
  const counts = await db
    .selectFrom('manifest_contents')
    .select(({fn}) => ['digest', fn.countAll<number>().as('count')])
    .where('digest', 'in', blobs)
    .groupBy('digest')
    .execute();
  const common = counts.flatMap(({digest, count}) => (count > mostNaming ? [digest] : []));
  const rare = blobs.filter((digest) => !common.includes(digest));
  if (rare.length === 0) return common;
  const rows = await db
    .selectFrom('manifest_contents')
    .innerJoin('revisions_held', 'revisions_held.digest', 'manifest_contents.manifest')
    .select('manifest_contents.digest')
    .distinct()
    .where('manifest_contents.digest', 'in', rare)
    .where('role', '<>', 'child')
    .where((eb) =>
      eb.or([
        eb('revisions_held.path', '<>', path),
        eb('manifest_contents.manifest', 'not in', [...manifests]),
      ]),
    )
    .execute();
  return [...common, ...rows.map(({digest}) => digest)];
}
