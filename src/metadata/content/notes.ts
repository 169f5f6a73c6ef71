/** What people add to repositories: descriptions, stars and comments. */
import {randomUUID} from 'node:crypto';
import type {ExpressionBuilder, Kysely} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import {isUniqueViolation} from '../unique-violation.ts';
import type {Counted} from '../page.ts';
import type {Schema} from '../schema.ts';
import {transact} from '../transact.ts';
import {deleteOfPath} from './delete-of-path.ts';
import {pathOf} from './path.ts';
import {foldDays} from './pulls.ts';

export interface Description {
  /** Markdown, as somebody wrote it. */
  readonly text: string;
  readonly updatedAt: number;
  readonly updatedBy: string | undefined;
}

export async function readDescription(
  db: Kysely<Schema>,
  repository: RepositoryName,
): Promise<Description | undefined> {
  const row = await db
    .selectFrom('repository_descriptions')
    .selectAll()
    .where('path', '=', pathOf(repository))
    .executeTakeFirst();
  return (
    row && {
      text: row.description,
      updatedAt: row.updated_at,
      updatedBy: row.updated_by ?? undefined,
    }
  );
}

/** An empty one is none. With `former` only where it still is that one; false: it is another by now. */
export async function writeDescription(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {
    text,
    by,
    at,
    former,
  }: {
    readonly text: string;
    readonly by: string | undefined;
    readonly at: number;
    readonly former?: string | undefined;
  },
): Promise<boolean> {
  const path = pathOf(repository);
  const isAny = former === undefined || former === '';
  try {
    return await transact(db, async (turn) => {
      const isIt = (eb: ExpressionBuilder<Schema, 'repository_descriptions'>) =>
        eb.and({path, ...(former === undefined ? {} : {description: former})});
      if (text === '') {
        const removal = turn.deleteFrom('repository_descriptions').where(isIt);
        const {numDeletedRows} = await removal.executeTakeFirst();
        return isAny || numDeletedRows > 0n;
      }
      const row = descriptionRow(path, {text, by, at});
      // Changed before it is put in: of many at once one alone finds none, and the others need not begin again.
      const change = turn.updateTable('repository_descriptions').set(row).where(isIt);
      if ((await change.executeTakeFirst()).numUpdatedRows > 0n) return true;
      if (!isAny) return false;
      await turn.insertInto('repository_descriptions').values(row).execute();
      return true;
    });
  } catch (error) {
    if (former !== undefined && isUniqueViolation(error)) return false;
    throw error;
  }
}

/** As it is stored. */
export const descriptionRow = (
  path: string,
  {text, by, at}: {readonly text: string; readonly by: string | undefined; readonly at: number},
) => ({
  path,
  description: text,
  updated_at: at,
  updated_by: by ?? null,
  lowered: text.toLowerCase(),
});

/** Answers without an error where he has given it a star before. */
export async function addStar(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {userId, at}: {readonly userId: string; readonly at: number},
): Promise<void> {
  try {
    const row = {path: pathOf(repository), user_id: userId, created_at: at};
    await db.insertInto('stars').values(row).execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

export async function removeStar(
  db: Kysely<Schema>,
  repository: RepositoryName,
  userId: string,
): Promise<void> {
  await db
    .deleteFrom('stars')
    .where('path', '=', pathOf(repository))
    .where('user_id', '=', userId)
    .execute();
}

export interface Stars {
  readonly count: number;
  /** Whether this user has given one. */
  readonly isOwn: boolean;
}

/** By repository; those without any are left out. */
export async function readStars(
  db: Kysely<Schema>,
  repositories: readonly RepositoryName[],
  userId: string | undefined,
): Promise<ReadonlyMap<string, Stars>> {
  if (repositories.length === 0) return new Map();
  const paths = repositories.map(pathOf);
  const counts = await db
    .selectFrom('stars')
    .select(({fn}) => ['path', fn.countAll<number>().as('count')])
    .where('path', 'in', paths)
    .groupBy('path')
    .execute();
  const own =
    userId === undefined
      ? []
      : await db
          .selectFrom('stars')
          .select('path')
          .where('path', 'in', paths)
          .where('user_id', '=', userId)
          .execute();
  const ownPaths = new Set(own.map(({path}) => path));
  const byPath = new Map(counts.map(({path, count}) => [path, count]));
  return new Map(
    repositories.flatMap((name) => {
      const count = byPath.get(pathOf(name));
      return count === undefined
        ? []
        : [[name, {count, isOwn: ownPaths.has(pathOf(name))}] as const];
    }),
  );
}

export interface Comment {
  readonly id: string;
  /** Absent: that account is gone. */
  readonly userId: string | undefined;
  readonly author: string;
  /** Markdown. */
  readonly body: string;
  readonly createdAt: number;
}

/** The newest first. */
export async function pageOfComments(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {offset, limit}: {readonly offset: number; readonly limit: number},
): Promise<Counted<Comment>> {
  const query = db.selectFrom('comments').where('path', '=', pathOf(repository));
  const {total} = await query
    .select(({fn}) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await query
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute();
  return {items: rows.map(toComment), total};
}

export async function findComment(
  db: Kysely<Schema>,
  repository: RepositoryName,
  id: string,
): Promise<Comment | undefined> {
  const row = await db
    .selectFrom('comments')
    .selectAll()
    .where('path', '=', pathOf(repository))
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toComment(row);
}

export async function addComment(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {userId, author, body, at}: Omit<Comment, 'id' | 'createdAt'> & {readonly at: number},
): Promise<Comment> {
  const row = {
    id: randomUUID(),
    path: pathOf(repository),
    user_id: userId ?? null,
    author,
    body,
    created_at: at,
    updated_at: at,
  };
  await db.insertInto('comments').values(row).execute();
  return toComment(row);
}

export async function removeComment(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom('comments').where('id', '=', id).execute();
}

const toComment = (row: Schema['comments']): Comment => ({
  id: row.id,
  userId: row.user_id ?? undefined,
  author: row.author,
  body: row.body,
  createdAt: row.created_at,
});

/** What was said and counted of it: another team may have the name next. */
export async function forgetRepository(
  db: Kysely<Schema>,
  repository: RepositoryName,
): Promise<void> {
  const path = pathOf(repository);
  await transact(db, async (turn) => {
    for (const table of ['repository_descriptions', 'stars', 'comments', 'pulls'] as const) {
      await deleteOfPath(turn, table, path);
    }
    await foldDays(turn, path);
  });
}
