/** Finds things by a part of what is known of them; each question is bounded. */
import {type Kysely, sql} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';
import {longestWord} from './manifest-words.ts';
import {nameOf, pathOf} from './path.ts';
import {containing, type Span, within} from './span.ts';

/** What was found, and whether that is all. */
export interface Found<T> {
  readonly items: readonly T[];
  readonly isWhole: boolean;
}

const atOnce = 500;
/** Rows that are looked at where each is looked at: whoever may see little of much gets what is among these. */
const mostLooked = 5000;

interface Query {
  readonly text: string;
  readonly span: Span;
  readonly limit: number;
}

/** By a part of the name, sorted by it; the one of exactly that name first. */
export async function searchNames(
  db: Kysely<Schema>,
  {text, span, limit}: Query,
): Promise<Found<RepositoryName>> {
  const path = sql.ref<string>('repositories.path');
  const part = pathOf(text);
  const found = await collect(span, limit, async (after, size) => {
    const rows = await db
      .selectFrom('repositories')
      .select('path')
      .where('path', '>', after)
      .where(containing(path, part))
      .where((eb) => within(eb, path, span))
      .orderBy('path')
      .limit(size)
      .execute();
    return rows.map((row) => ({...row, key: row.path}));
  });
  const exact = await db
    .selectFrom('repositories')
    .select('path')
    .where('path', '=', part)
    .executeTakeFirst();
  const names = found.items.map((row) => nameOf(row.path));
  const first = exact && nameOf(exact.path);
  if (first === undefined || !(span.has?.(first) ?? true)) return {...found, items: names};
  return {...found, items: [first, ...names.filter((name) => name !== first)].slice(0, limit)};
}

/** By a part of the description, whatever the case of its letters. */
export async function searchDescriptions(
  db: Kysely<Schema>,
  {text, span, limit}: Query,
): Promise<Found<RepositoryName>> {
  const path = sql.ref<string>('repository_descriptions.path');
  const lowered = sql.ref<string>('repository_descriptions.lowered');
  const found = await collect(span, limit, async (after, size) => {
    const rows = await db
      .selectFrom('repository_descriptions')
      .innerJoin('repositories', 'repositories.path', 'repository_descriptions.path')
      .select('repository_descriptions.path')
      .where('repository_descriptions.path', '>', after)
      .where(containing(lowered, text.toLowerCase()))
      .where((eb) => within(eb, path, span))
      .orderBy('repository_descriptions.path')
      .limit(size)
      .execute();
    return rows.map((row) => ({...row, key: row.path}));
  });
  return {...found, items: found.items.map((row) => nameOf(row.path))};
}

export interface FoundTag {
  readonly repository: RepositoryName;
  readonly tag: Tag;
  readonly digest: Digest;
}

/** Of these repositories, by the beginning of the tag. */
export async function searchTags(
  db: Kysely<Schema>,
  repositories: readonly RepositoryName[],
  {text, limit}: Pick<Query, 'text' | 'limit'>,
): Promise<readonly FoundTag[]> {
  const found: FoundTag[] = [];
  for (const repository of repositories) {
    if (found.length >= limit) break;
    const rows = await db
      .selectFrom('tags')
      .select(['name', 'digest'])
      .where('path', '=', pathOf(repository))
      .where('name', '>=', text)
      // No sign of a tag comes after it.
      .where('name', '<', `${text}~`)
      .orderBy('name')
      .limit(limit - found.length)
      .execute();
    found.push(
      ...rows.map(({name, digest}) => ({repository, tag: name as Tag, digest: digest as Digest})),
    );
  }
  return found;
}

export interface FoundManifest {
  readonly repository: RepositoryName;
  readonly digest: Digest;
}

/** By the beginning of the sha256, in hexadecimal. */
export async function searchDigests(
  db: Kysely<Schema>,
  {text, span, limit}: Query,
): Promise<Found<FoundManifest>> {
  const path = sql.ref<string>('revisions_held.path');
  const from = `sha256:${text}`;
  const found = await collect(span, limit, async (after, size) => {
    const [digest = '', held = ''] = after.split(' ');
    const rows = await db
      .selectFrom('revisions_held')
      .select(['path', 'digest'])
      .where('digest', '>=', digest > from ? digest : from)
      .where('digest', '<', `${from}g`)
      .where((eb) => eb.or([eb('digest', '>', digest), eb('path', '>', held)]))
      .where((eb) => within(eb, path, span))
      .orderBy('digest')
      .orderBy('path')
      .limit(size)
      .execute();
    return rows.map((row) => ({...row, key: `${row.digest} ${row.path}`}));
  });
  return {...found, items: found.items.map(toManifest)};
}

/** By a label or an annotation that is exactly this. Of one that very many have a part is looked through. */
export async function searchWords(
  db: Kysely<Schema>,
  {name, value, span, limit}: Omit<Query, 'text'> & {readonly name: string; readonly value: string},
): Promise<Found<FoundManifest>> {
  const {has = () => true} = span;
  const path = sql.ref<string>('revisions_held.path');
  const items: FoundManifest[] = [];
  let isWhole = true;
  let after = '';
  for (let looked = 0; looked < mostLooked; looked += atOnce) {
    const words = await db
      .selectFrom('manifest_words')
      .select('manifest')
      .where('name', '=', name.slice(0, longestWord))
      .where('value', '=', value.slice(0, longestWord))
      .where('manifest', '>', after)
      .orderBy('manifest')
      .limit(atOnce)
      .execute();
    // So few at first that what is found at once costs little.
    for (const part of inBatches(
      words.map(({manifest}) => manifest),
      100,
    )) {
      const rows = await db
        .selectFrom('revisions_held')
        .select(['path', 'digest'])
        .where('digest', 'in', part)
        .where((eb) => within(eb, path, span))
        .orderBy('digest')
        .orderBy('path')
        .limit(mostLooked)
        .execute();
      items.push(...rows.map(toManifest).filter(({repository}) => has(repository)));
      isWhole &&= rows.length < mostLooked;
      if (items.length > limit) return {items: items.slice(0, limit), isWhole: false};
    }
    if (words.length < atOnce) return {items, isWhole};
    after = words.at(-1)?.manifest ?? after;
  }
  return {items, isWhole: false};
}

const toManifest = (row: {readonly path: string; readonly digest: string}): FoundManifest => ({
  repository: nameOf(row.path),
  digest: row.digest as Digest,
});

/** Names of namespaces that hold a text; all of them count. */
export async function searchNamespaces(
  db: Kysely<Schema>,
  {text, limit}: Pick<Query, 'text' | 'limit'>,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('namespaces')
    .select('name')
    .where('name', '<>', '')
    .where(containing(sql.ref<string>('namespaces.name'), text))
    .orderBy('name')
    .limit(limit)
    .execute();
  return rows.map(({name}) => name);
}

/** Of a member, or all of them; those behind personal namespaces are no teams to people. */
export async function searchTeams(
  db: Kysely<Schema>,
  {text, limit, member}: Pick<Query, 'text' | 'limit'> & {readonly member?: string | undefined},
): Promise<readonly string[]> {
  let query = db.selectFrom('teams').where('is_personal', '=', 0);
  if (member !== undefined) {
    query = query.where('teams.id', 'in', (eb) =>
      eb.selectFrom('memberships').select('memberships.team_id').where('user_id', '=', member),
    );
  }
  const rows = await query.select('name').orderBy('name').execute();
  // Not asked of the database: what it does with capitals differs from one engine to the next.
  const wanted = text.toLowerCase();
  const found = rows.filter(({name}) => name.toLowerCase().includes(wanted));
  return found.slice(0, limit).map(({name}) => name);
}

export async function searchUsers(
  db: Kysely<Schema>,
  {text, limit}: Pick<Query, 'text' | 'limit'>,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('users')
    .select('name')
    .where((eb) =>
      eb.or([
        containing(sql.ref<string>('users.name'), text),
        containing(sql<string>`lower(coalesce(users.email, ''))`, text),
      ]),
    )
    .orderBy('name')
    .limit(limit)
    .execute();
  return rows.map(({name}) => name);
}

/** Reads on until there is enough of what may be seen. */
async function collect<R extends {readonly path: string; readonly key: string}>(
  span: Span,
  limit: number,
  read: (after: string, size: number) => Promise<readonly R[]>,
): Promise<Found<R>> {
  const items: R[] = [];
  const {has = () => true} = span;
  let after = '';
  const size = span.has ? atOnce : limit + 1;
  for (let looked = 0; looked < mostLooked; looked += size) {
    const rows = await read(after, size);
    items.push(...rows.filter(({path}) => has(nameOf(path))));
    if (items.length > limit) return {items: items.slice(0, limit), isWhole: false};
    if (rows.length < size) return {items, isWhole: true};
    after = rows.at(-1)?.key ?? after;
  }
  return {items, isWhole: false};
}
