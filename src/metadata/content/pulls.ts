/** How often manifests were pulled, and when last. */
import type {Kysely} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import type {Schema} from '../schema.ts';
import {pathOf} from './path.ts';

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

/** Adds what was counted; all or nothing. */
export async function addCounts(
  db: Kysely<Schema>,
  {pulls, days}: {readonly pulls: readonly Pulls[]; readonly days: readonly DailyCounts[]},
): Promise<void> {
  await db.transaction().execute(async (turn) => {
    for (const each of pulls) await addPulls(turn, each);
    for (const each of days) await addDay(turn, each);
  });
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
  {repository, day, pulls, pushes}: DailyCounts,
): Promise<void> {
  const path = pathOf(repository);
  const {numUpdatedRows} = await db
    .updateTable('daily_counts')
    .set((eb) => ({pulls: eb('pulls', '+', pulls), pushes: eb('pushes', '+', pushes)}))
    .where('path', '=', path)
    .where('day', '=', day)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  await db.insertInto('daily_counts').values({path, day, pulls, pushes}).execute();
}
