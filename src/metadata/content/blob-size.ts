/** What manifests say of blobs. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {Schema} from '../schema.ts';

/** The size that a manifest tells for a blob, in bytes; `undefined`: the index has none that names it by one of these digests. */
export async function readBlobSize(
  db: Kysely<Schema>,
  digests: readonly Digest[],
): Promise<number | undefined> {
  const row = await db
    .selectFrom('manifest_contents')
    .select('size')
    .where('digest', 'in', digests)
    .where('role', '<>', 'child')
    .limit(1)
    .executeTakeFirst();
  return row?.size;
}
