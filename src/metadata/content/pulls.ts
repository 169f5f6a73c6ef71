/** How often manifests were pulled, and when last. */
import type {Kysely} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import type {Schema} from '../schema.ts';
import {transact} from '../transact.ts';
import {pathOf, pathOfGone} from './path.ts';

export interface Pulls {
  readonly repository: RepositoryName;
  /** A tag, or the digest of a manifest. */
  readonly reference: string;
  readonly pulls: number;
  /** In ms. */
  readonly lastAt: number;
}

export interface DailyCounts {
  readonly repository: RepositoryName;
  /** `2026-11-26`, of UTC. */
  readonly day: string;
  readonly pulls: number;
  readonly pushes: number;
}

/** Adds what was counted; all or nothing. In one order, so that two that count at once don't wait for each other. */
export async function addCounts(
  db: Kysely<Schema>,
  {pulls, days}: {readonly pulls: readonly Pulls[]; readonly days: readonly DailyCounts[]},
): Promise<void> {
  const pullsInOrder = inOrderOf(pulls, ({reference}) => reference);
  const daysInOrder = inOrderOf(days, ({day}) => day);
  await transact(db, async (turn) => {
    for (const each of pullsInOrder) await addPulls(turn, each);
    for (const {repository, ...each} of daysInOrder) {
      await addDay(turn, {...each, path: pathOf(repository)});
    }
  });
}

function inOrderOf<T extends {readonly repository: string}>(
  items: readonly T[],
  key: (item: T) => string,
): readonly T[] {
  const keyed = items.map((item) => ({item, key: `${item.repository} ${key(item)}`}));
  keyed.sort((one, other) => (one.key < other.key ? -1 : 1));
  return keyed.map(({item}) => item);
}

async function addPulls(
  db: Kysely<Schema>,
  {repository, reference, pulls, lastAt}: Pulls,
): Promise<void> {
  const path = pathOf(repository);
  const {numUpdatedRows} = await db
    .updateTable('pulls')
    .set((eb) => ({pulls: eb('pulls', '+', pulls), last_pulled_at: lastAt}))
    .where('path', '=', path)
    .where('reference', '=', reference)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  await db.insertInto('pulls').values({path, reference, pulls, last_pulled_at: lastAt}).execute();
}

async function addDay(
  db: Kysely<Schema>,
  {path, day, pulls, pushes}: Schema['daily_counts'],
): Promise<void> {
  const {numUpdatedRows} = await db
    .updateTable('daily_counts')
    .set((eb) => ({pulls: eb('pulls', '+', pulls), pushes: eb('pushes', '+', pushes)}))
    .where('path', '=', path)
    .where('day', '=', day)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  await db.insertInto('daily_counts').values({path, day, pulls, pushes}).execute();
}

/** Within a transaction: of one that is gone its days count in what all have together, and nowhere else. */
export async function foldDays(db: Kysely<Schema>, path: string): Promise<void> {
  const rows = await db.selectFrom('daily_counts').selectAll().where('path', '=', path).execute();
  for (const row of rows) await addDay(db, {...row, path: pathOfGone});
  await db.deleteFrom('daily_counts').where('path', '=', path).execute();
}
