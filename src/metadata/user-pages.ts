/** Lists of accounts as a client wants them, and accounts by what a person knows of them. */
import {type Kysely, sql} from 'kysely';
import {containing, mentioning} from './content/span.ts';
import {countedPage} from './counted-page.ts';
import type {Counted, SortedPage} from './page.ts';
import type {Schema} from './schema.ts';
import {toUser, type User} from './users.ts';

const columns = {
  username: 'name',
  id: 'id',
  email: 'email',
  display_name: 'display_name',
  admin: 'is_admin',
  enabled: 'is_enabled',
  created_at: 'created_at',
  updated_at: 'updated_at',
  last_sign_in_at: 'last_login_at',
} as const;

export type UserOrder = keyof typeof columns;

/** People and robots alike, unless `isRobot` says which; robots of one team, where one is given. */
export async function pageOfUsers(
  db: Kysely<Schema>,
  page: SortedPage<UserOrder> & {
    readonly isRobot?: boolean | undefined;
    readonly teamIds?: readonly string[] | undefined;
    /** Somewhere in what they are called, or in the e-mail. */
    readonly text?: string | undefined;
  },
): Promise<Counted<User>> {
  const {isRobot, teamIds, text} = page;
  if (teamIds?.length === 0) return {items: [], total: 0};
  let query = db.selectFrom('users');
  if (isRobot !== undefined) query = query.where('is_robot', '=', Number(isRobot));
  if (teamIds !== undefined) query = query.where('team_id', 'in', teamIds);
  if (text !== undefined) {
    const named = sql<string>`coalesce(users.display_name, '')`;
    const email = sql<string>`coalesce(users.email, '')`;
    query = query.where((eb) =>
      eb.or([sql.ref<string>('users.name'), named, email].map((each) => mentioning(each, text))),
    );
  }
  const {items, total} = await countedPage(query, {
    page,
    columns,
    tie: 'name',
    select: (all) => all.selectAll(),
  });
  return {items: items.map(toUser), total};
}

export interface AccountName {
  readonly id: string;
  readonly name: string;
  readonly displayName: string | undefined;
}

/** Of people that are enabled: those whose names hold a text somewhere, in capitals or not; those that begin with it first. */
export async function searchAccountNames(
  db: Kysely<Schema>,
  {text, limit}: {readonly text: string; readonly limit: number},
): Promise<readonly AccountName[]> {
  const wanted = text.toLowerCase();
  const people = () =>
    db
      .selectFrom('users')
      .select(['id', 'name', 'display_name'])
      .where('is_robot', '=', 0)
      .where('is_enabled', '=', 1)
      .orderBy('name')
      .limit(limit);
  const begins = sql<boolean>`substr(users.name, 1, ${wanted.length}) = ${wanted}`;
  const first = await people().where(begins).execute();
  const others = await people()
    .where(containing(sql.ref<string>('users.name'), wanted))
    .where((eb) => eb.not(begins))
    .execute();
  return [...first, ...others].slice(0, limit).map(({id, name, display_name: displayName}) => ({
    id,
    name,
    displayName: displayName ?? undefined,
  }));
}

/** Nobody, too, where several have it: it is theirs to say, and may be anybody's. */
export async function findUserByEmail(
  db: Kysely<Schema>,
  email: string,
): Promise<User | undefined> {
  const rows = await db
    .selectFrom('users')
    .selectAll()
    .where('email', '=', email)
    .limit(2)
    .execute();
  const [row] = rows;
  return row && rows.length === 1 ? toUser(row) : undefined;
}

/** By the names of people: the ids of the namespaces of the same names. */
export async function personalNamespaces(
  db: Kysely<Schema>,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await db
    .selectFrom('namespaces')
    .select(['id', 'name'])
    .where('name', 'in', names)
    .execute();
  return new Map(rows.map(({id, name}) => [name, id]));
}
