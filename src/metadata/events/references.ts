/** What a manifest names, as far as the index knows. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {Schema} from '../schema.ts';

const most = 1000;

export async function readReferences(
  db: Kysely<Schema>,
  digest: Digest,
): Promise<
  readonly {readonly mediaType: string; readonly digest: string; readonly size: number}[]
> {
  const rows = await db
    .selectFrom('manifest_contents')
    .select(['media_type', 'digest', 'size'])
    .where('manifest', '=', digest)
    .orderBy('position')
    .limit(most)
    .execute();
  return rows.map(({media_type: mediaType, size, ...row}) => ({
    mediaType,
    digest: row.digest,
    size: size,
  }));
}
