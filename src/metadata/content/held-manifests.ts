/** Which of some manifests a repository holds. Asked beside what is asked of the manifests: an engine that joins both may go through all that the repository holds. */
import type {Kysely} from 'kysely';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';

export async function heldAmong(
  db: Kysely<Schema>,
  path: string,
  digests: readonly string[],
): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for (const some of inBatches([...new Set(digests)])) {
    const rows = await db
      .selectFrom('revisions_held')
      .select('digest')
      .where('path', '=', path)
      .where('digest', 'in', some)
      .execute();
    for (const {digest} of rows) held.add(digest);
  }
  return held;
}
