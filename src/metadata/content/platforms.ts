/** For which platforms an index has something. */
import type {Kysely} from 'kysely';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';
import {heldAmong} from './held-manifests.ts';
import {pathOf} from './path.ts';

export const mostPlatforms = 20;
/** Children of an index that are looked at: attestations are among them. */
const mostChildren = 60;
/** As attestations of BuildKit say of themselves. */
const nowhere = 'unknown/unknown';

/** By the digest of the index, in its order; of children that the repository holds. */
export async function readPlatforms(
  db: Kysely<Schema>,
  repository: string,
  indexes: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  for (const some of inBatches(indexes)) {
    const rows = await db
      .selectFrom('manifest_contents as child')
      .innerJoin('manifests', 'manifests.digest', 'child.digest')
      .select(['child.manifest', 'child.digest', 'manifests.platform'])
      .where('child.manifest', 'in', some)
      .where('child.position', '<', mostChildren)
      .where('child.role', '=', 'child')
      .orderBy('child.manifest')
      .orderBy('child.position')
      .execute();
    const held = await heldAmong(
      db,
      pathOf(repository),
      rows.map(({digest}) => digest),
    );
    for (const {manifest, digest, platform} of rows) {
      if (!held.has(digest)) continue;
      const own = found.get(manifest) ?? new Set();
      if (platform !== null && platform !== nowhere && own.size < mostPlatforms) own.add(platform);
      found.set(manifest, own);
    }
  }
  return new Map([...found].map(([digest, platforms]) => [digest, [...platforms]]));
}
