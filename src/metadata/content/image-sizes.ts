/** How many bytes a pull of a manifest takes at most. */
import type {Kysely} from 'kysely';
import type {Schema} from '../schema.ts';

/** By digest: of the blobs it names, each once; of an index those of all that it names. Those that are not in the index are left out. */
export async function imageSizes(
  db: Kysely<Schema>,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (digests.length === 0) return new Map();
  const own = await db
    .selectFrom('manifests')
    .select(['digest', 'content_size', 'kind'])
    .where('digest', 'in', digests)
    .execute();
  const sizes = new Map(own.map((row) => [row.digest, row.content_size]));
  const indexes = own.flatMap(({digest, kind}) => (kind === 'index' ? [digest] : []));
  if (indexes.length === 0) return sizes;
  const sums = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('manifest_contents as child')
        .innerJoin('manifest_contents as part', 'part.manifest', 'child.digest')
        .select(({fn}) => ['child.manifest', 'part.digest', fn.max('part.size').as('size')])
        .where('child.manifest', 'in', indexes)
        .where('child.role', '=', 'child')
        .where('part.role', '<>', 'child')
        .groupBy(['child.manifest', 'part.digest'])
        .as('parts'),
    )
    .select(({fn}) => ['parts.manifest', fn.sum<number>('parts.size').as('size')])
    .groupBy('parts.manifest')
    .execute();
  for (const {manifest, size} of sums) sizes.set(manifest, size);
  return sizes;
}
