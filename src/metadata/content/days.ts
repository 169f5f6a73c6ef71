/** How much was pulled and pushed, day by day: sums that the engine makes. */
import {type Kysely, sql} from 'kysely';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';
import {pathOfGone} from './path.ts';
import {atOnce, inNamespace, lookThrough, type Span, within} from './span.ts';

interface Counts {
  readonly pulls: number;
  readonly pushes: number;
}

/** As `2026-11-26`, of UTC; both count. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** By day; those without anything are left out. */
export type CountsOfDays = ReadonlyMap<string, Counts>;

/** Of all repositories, those that are gone too, or of those of a namespace. */
export async function countDays(
  db: Kysely<Schema>,
  days: Days,
  namespace: string | undefined,
): Promise<CountsOfDays> {
  if (namespace === undefined) return summed(await sums(db, days).execute());
  const query = sums(db, days)
    .where('path', '<>', pathOfGone)
    .where(inNamespace(sql.ref<string>('daily_counts.path'), namespace));
  return summed(await query.execute());
}

/** By their keys: one that has none is left out. */
export async function countDaysOf(
  db: Kysely<Schema>,
  days: Days,
  paths: readonly string[],
): Promise<CountsOfDays> {
  const rows: Row[] = [];
  for (const some of inBatches(paths)) {
    rows.push(...(await sums(db, days).where('path', 'in', some).execute()));
  }
  return summed(rows);
}

/** Of what may be seen, where that is not everything; the paths of what there is. */
export async function seenPaths(
  db: Kysely<Schema>,
  span: Span,
  namespace: string | undefined,
): Promise<readonly string[]> {
  const path = sql.ref<string>('repositories.path');
  const seen = await lookThrough(span, async (after) => {
    let query = db.selectFrom('repositories').select('path').where('path', '>', after);
    if (namespace !== undefined) query = query.where(inNamespace(path, namespace));
    return query
      .where((eb) => within(eb, path, span))
      .orderBy('path')
      .limit(atOnce)
      .execute();
  });
  return seen.map((row) => row.path);
}

interface Row extends Counts {
  readonly day: string;
}

const sums = (db: Kysely<Schema>, {from, to}: Days) =>
  db
    .selectFrom('daily_counts')
    .select(({fn}) => [
      'day',
      fn.sum<number>('pulls').as('pulls'),
      fn.sum<number>('pushes').as('pushes'),
    ])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .groupBy('day');

function summed(rows: readonly Row[]): CountsOfDays {
  const counts = new Map<string, Counts>();
  for (const {day, pulls, pushes} of rows) {
    const before = counts.get(day) ?? {pulls: 0, pushes: 0};
    counts.set(day, {pulls: before.pulls + pulls, pushes: before.pushes + pushes});
  }
  return counts;
}
