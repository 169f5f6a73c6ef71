/** Repositories as the index has them. */
import type {Kysely} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import {rootNamespace} from '../../oci/owning-namespace.ts';
import type {Schema} from '../schema.ts';
import {belowPath, nameOf, type PathRange, pathOf} from './path.ts';

export interface NamePage {
  /** Strictly after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** In the order of the catalogue; up to `upTo` where that is given. */
export async function listRepositoryNames(
  db: Kysely<Schema>,
  {after = '', upTo, limit}: NamePage & {readonly upTo?: RepositoryName | undefined},
): Promise<readonly RepositoryName[]> {
  let query = db.selectFrom('repositories').select('path').where('path', '>', pathOf(after));
  if (upTo !== undefined) query = query.where('path', '<=', pathOf(upTo));
  const rows = await query.orderBy('path').limit(limit).execute();
  return rows.map(({path}) => nameOf(path));
}

/** Those that lie in one of these namespaces, in the order of the catalogue. */
export async function listNamesWithin(
  db: Kysely<Schema>,
  namespaces: readonly string[],
  {after = '', limit}: NamePage,
): Promise<readonly RepositoryName[]> {
  const start = pathOf(after);
  const found: string[] = [];
  for (const {from, before} of rangesOf(namespaces)) {
    if (found.length >= limit) break;
    if (before <= start) continue;
    const query = db.selectFrom('repositories').select('path').where('path', '<', before);
    const rows = await query
      .where('path', '>', from > start ? from : start)
      .orderBy('path')
      .limit(limit - found.length)
      .execute();
    found.push(...rows.map(({path}) => path));
  }
  if (!namespaces.includes(rootNamespace)) return found.map(nameOf);
  const query = db.selectFrom('repositories').select('path').where('path', '>', start);
  const rows = await query.where('path', 'not like', '%!%').orderBy('path').limit(limit).execute();
  return [...found, ...rows.map(({path}) => path)]
    .sort((one, other) => (one < other ? -1 : 1))
    .slice(0, limit)
    .map(nameOf);
}

/** One after the other, and none within another. */
function rangesOf(namespaces: readonly string[]): readonly PathRange[] {
  const ranges = namespaces
    .filter((name) => name !== rootNamespace)
    .map(belowPath)
    .sort((one, other) => (one.from < other.from ? -1 : 1));
  return ranges.reduce<readonly PathRange[]>((outer, range) => {
    const last = outer.at(-1);
    return last && range.from < last.before ? outer : [...outer, range];
  }, []);
}

export async function countRepositories(db: Kysely<Schema>): Promise<number> {
  const query = db.selectFrom('repositories').select((eb) => eb.fn.countAll<number>().as('count'));
  return (await query.executeTakeFirstOrThrow()).count;
}
