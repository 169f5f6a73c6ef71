/** How much of what there is of a repository. */
import type {Kysely} from 'kysely';
import type {Schema} from '../schema.ts';
import {pathOf} from './path.ts';

interface RepositoryCounts {
  readonly manifests: number;
  readonly stars: number;
  readonly comments: number;
  readonly isDescribed: boolean;
}

export async function countOfRepository(
  db: Kysely<Schema>,
  repository: string,
): Promise<RepositoryCounts> {
  const path = pathOf(repository);
  const count = async (
    table: 'revisions_held' | 'stars' | 'comments' | 'repository_descriptions',
  ): Promise<number> => {
    const query = db.selectFrom(table).where('path', '=', path);
    const {count: found} = await query
      .select(({fn}) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return found;
  };
  return {
    manifests: await count('revisions_held'),
    stars: await count('stars'),
    comments: await count('comments'),
    isDescribed: (await count('repository_descriptions')) > 0,
  };
}
