/** Repositories as the index has them. */
import type {Kysely} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import type {Schema} from '../schema.ts';
import {nameOf, pathOf} from './path.ts';

/** In the order of the catalogue, strictly after `after`, and up to `upTo` where that is given. */
export async function listRepositoryNames(
  db: Kysely<Schema>,
  {
    after = '',
    upTo,
    limit,
  }: {
    readonly after?: string | undefined;
    readonly upTo?: RepositoryName | undefined;
    readonly limit: number;
  },
): Promise<readonly RepositoryName[]> {
  let query = db.selectFrom('repositories').select('path').where('path', '>', pathOf(after));
  if (upTo !== undefined) query = query.where('path', '<=', pathOf(upTo));
  const rows = await query.orderBy('path').limit(limit).execute();
  return rows.map(({path}) => nameOf(path));
}
