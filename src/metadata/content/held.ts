/** What the index has of repositories. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import type {Schema} from '../schema.ts';
import type {Pushed, TagFacts} from './facts.ts';
import {pathOf} from './path.ts';

/** Those named, or all after the one and up to the other. */
export type Selection<Key> =
  readonly Key[] | {readonly after: Key | undefined; readonly upTo: Key | undefined};

export interface Wanted<Key> {
  readonly repository: RepositoryName;
  readonly selection: Selection<Key>;
}

/** By repository. */
export type Held<Key, Facts> = ReadonlyMap<RepositoryName, ReadonlyMap<Key, Facts>>;

interface Row {
  readonly path: string;
  readonly key: string;
  readonly digest: string;
  readonly pushed_at: number;
  readonly pushed_by: string | null;
}

const tagRows = (db: Kysely<Schema>) =>
  db.selectFrom('tags').select(['path', 'name as key', 'digest', 'pushed_at', 'pushed_by']);
const revisionRows = (db: Kysely<Schema>) =>
  db
    .selectFrom('revisions_held')
    .select(['path', 'digest as key', 'digest', 'pushed_at', 'pushed_by']);

export async function readTags(
  db: Kysely<Schema>,
  wanted: readonly Wanted<Tag>[],
): Promise<Held<Tag, TagFacts>> {
  const query = tagRows(db);
  const rows = await select(wanted, {
    whole: async (paths) => query.where('path', 'in', paths).execute(),
    named: async (path, names) =>
      query.where('path', '=', path).where('name', 'in', names).execute(),
    between: async (path, after, upTo) => {
      const from = query.where('path', '=', path).where('name', '>', after ?? '');
      return (upTo === undefined ? from : from.where('name', '<=', upTo)).execute();
    },
  });
  return byRepository(wanted, rows, (row) => ({
    digest: row.digest as Digest,
    pushed: toPushed(row),
  }));
}

export async function readRevisions(
  db: Kysely<Schema>,
  wanted: readonly Wanted<Digest>[],
): Promise<Held<Digest, Pushed>> {
  const query = revisionRows(db);
  const rows = await select(wanted, {
    whole: async (paths) => query.where('path', 'in', paths).execute(),
    named: async (path, digests) =>
      query.where('path', '=', path).where('digest', 'in', digests).execute(),
    between: async (path, after, upTo) => {
      const from = query.where('path', '=', path).where('digest', '>', after ?? '');
      return (upTo === undefined ? from : from.where('digest', '<=', upTo)).execute();
    },
  });
  return byRepository(wanted, rows, toPushed);
}

/** Those of these repositories that the index has. */
export async function readKnown(
  db: Kysely<Schema>,
  repositories: readonly RepositoryName[],
): Promise<ReadonlySet<RepositoryName>> {
  const names = new Map(repositories.map((name) => [pathOf(name), name]));
  if (names.size === 0) return new Set();
  const query = db.selectFrom('repositories').select('path');
  const rows = await query.where('path', 'in', [...names.keys()]).execute();
  return new Set(rows.flatMap(({path}) => names.get(path) ?? []));
}

/** Tags that point at these manifests. */
export async function readTagsOf(
  db: Kysely<Schema>,
  repository: RepositoryName,
  digests: readonly Digest[],
): Promise<readonly Tag[]> {
  if (digests.length === 0) return [];
  const query = db.selectFrom('tags').select('name').where('path', '=', pathOf(repository));
  const rows = await query.where('digest', 'in', [...digests]).execute();
  return rows.map(({name}) => name as Tag);
}

interface Queries<Key> {
  readonly whole: (paths: string[]) => Promise<readonly Row[]>;
  readonly named: (path: string, keys: Key[]) => Promise<readonly Row[]>;
  readonly between: (
    path: string,
    after: Key | undefined,
    upTo: Key | undefined,
  ) => Promise<readonly Row[]>;
}

/** Most are small, and wanted whole: one question tells of all of them. */
async function select<Key>(
  wanted: readonly Wanted<Key>[],
  {whole, named, between}: Queries<Key>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const paths: string[] = [];
  for (const {repository, selection} of wanted) {
    const path = pathOf(repository);
    if (!('after' in selection)) {
      if (selection.length > 0) rows.push(...(await named(path, [...selection])));
    } else if (selection.after === undefined && selection.upTo === undefined) paths.push(path);
    else rows.push(...(await between(path, selection.after, selection.upTo)));
  }
  if (paths.length > 0) rows.push(...(await whole(paths)));
  return rows;
}

function byRepository<Key, Facts>(
  wanted: readonly Wanted<Key>[],
  rows: readonly Row[],
  toFacts: (row: Row) => Facts,
): Held<Key, Facts> {
  const held = new Map(wanted.map(({repository}) => [repository, new Map<Key, Facts>()]));
  const byPath = new Map([...held].map(([name, found]) => [pathOf(name), found]));
  for (const row of rows) byPath.get(row.path)?.set(row.key as Key, toFacts(row));
  return held;
}

const toPushed = (row: Row): Pushed => ({at: row.pushed_at, by: row.pushed_by ?? undefined});
