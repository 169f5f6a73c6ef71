/** Portus' activities, of which there may be millions: by pages, each with the note of how far it came. */
import type {Kysely} from 'kysely';
import type {Schema} from '../schema.ts';
import {transact} from '../transact.ts';
import {type Moved, toActivity} from './activity.ts';
import type {Findings} from './findings.ts';
import {insertAll} from '../batches.ts';
import {numberOf, type Row} from './row.ts';
import type {PortusSource} from './source.ts';
import type {Tally} from './tally.ts';

interface ActivitiesOptions {
  readonly db: Kysely<Schema>;
  readonly source: PortusSource;
  readonly moved: Moved;
  readonly findings: Findings;
  readonly tally: Tally;
  /** Nothing is written. */
  readonly isDry: boolean;
  readonly now: number;
  readonly onRows: (rows: number) => void;
}

const kind = 'activities';
const mark = 'last';

/** One that was cut off goes on behind the last page that was kept. */
export async function moveActivities(options: ActivitiesOptions): Promise<void> {
  const {db, source, moved, tally, isDry, onRows} = options;
  const after = await readMark(db, moved.source);
  const all = await source.count('activities');
  let seen = 0;
  for await (const rows of source.pages('activities', after)) {
    const activities = rows.map((row) => read(row, options)).filter((row) => row !== undefined);
    const last = numberOf(rows.at(-1) ?? {}, 'id') ?? after;
    if (!isDry) {
      await transact(db, async (turn) => {
        await insertAll(turn, 'activities', activities);
        await keepMark(turn, moved.source, last);
      });
    }
    seen += rows.length;
    tally.add('activities', 'taken', activities.length);
    onRows(rows.length);
  }
  tally.add('activities', 'before', Math.max(0, all - seen));
}

function read(row: Row, {moved, findings, tally, now}: ActivitiesOptions) {
  const found = toActivity(row, moved, now);
  if (!found) {
    tally.add('activities', 'left');
    findings.count('unreadable-row', 1);
  } else if (!found.isReadable) findings.count('activity-parameters', 1);
  return found?.activity;
}

const markOf = (source: string) => ({source, kind, source_id: mark});

async function readMark(db: Kysely<Schema>, source: string): Promise<number> {
  const row = await db
    .selectFrom('imported')
    .select('id')
    .where('source', '=', source)
    .where('kind', '=', kind)
    .where('source_id', '=', mark)
    .executeTakeFirst();
  return Number(row?.id ?? 0);
}

/** Within a transaction. */
async function keepMark(db: Kysely<Schema>, source: string, last: number): Promise<void> {
  const {numUpdatedRows} = await db
    .updateTable('imported')
    .set({id: String(last)})
    .where('source', '=', source)
    .where('kind', '=', kind)
    .where('source_id', '=', mark)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  await db
    .insertInto('imported')
    .values({...markOf(source), id: String(last)})
    .execute();
}
