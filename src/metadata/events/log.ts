/** The events, in the order in which they became known. */
import {randomUUID} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import {isDigest} from '../../oci/digest.ts';
import {isTag} from '../../oci/tag.ts';
import {insertAll} from '../batches.ts';
import {nameOf, pathOf} from '../content/path.ts';
import type {Schema} from '../schema.ts';
import type {Event, EventAction, EventObject, EventRequest, Happening} from './event.ts';
import type {EventsTable} from './schema.ts';

/**
 * Within a transaction, and last in it: whoever comes next waits until this one has ended, so that what is seen once has nothing before it that was not.
 */
export async function insertEvents(
  db: Kysely<Schema>,
  happenings: readonly Happening[],
): Promise<void> {
  if (happenings.length === 0) return;
  await db
    .updateTable('event_positions')
    .set((eb) => ({value: eb('value', '+', happenings.length)}))
    .where('name', '=', 'written')
    .execute();
  const first = (await readPosition(db, 'written')) - happenings.length + 1;
  const rows = happenings.map((happening, at) => rowOf({...happening, seq: first + at}));
  await insertAll(db, 'events', rows);
}

export type Position = 'written' | 'handed-out';

export async function readPosition(db: Kysely<Schema>, name: Position): Promise<number> {
  const query = db.selectFrom('event_positions').select('value').where('name', '=', name);
  return (await query.executeTakeFirst())?.value ?? 0;
}

/** The oldest after that one. */
export async function listEvents(
  db: Kysely<Schema>,
  {after, limit}: {readonly after: number; readonly limit: number},
): Promise<readonly Event[]> {
  const query = db.selectFrom('events').selectAll().where('seq', '>', after);
  return (await query.orderBy('seq').limit(limit).execute()).map(eventOf);
}

export async function findEvents(
  db: Kysely<Schema>,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, Event>> {
  if (seqs.length === 0) return new Map();
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('seq', 'in', [...seqs])
    .execute();
  return new Map(rows.map((row) => [row.seq, eventOf(row)]));
}

/** In bounded steps. Answers how many went. */
export async function deleteEvents(
  db: Kysely<Schema>,
  {before, limit}: {readonly before: number; readonly limit: number},
): Promise<number> {
  const old = await db
    .selectFrom('events')
    .select('seq')
    .where('at', '<', before)
    .orderBy('at')
    .limit(limit)
    .execute();
  if (old.length === 0) return 0;
  const seqs = old.map(({seq}) => seq);
  await db.deleteFrom('events').where('seq', 'in', seqs).execute();
  return old.length;
}

function rowOf({repository, from, request, ...event}: Happening & {readonly seq: number}) {
  return {
    seq: event.seq,
    id: randomUUID(),
    at: event.at,
    action: event.action,
    object: event.object,
    path: pathOf(repository),
    digest: event.digest ?? null,
    tag: event.tag ?? null,
    media_type: event.mediaType?.slice(0, 255) ?? null,
    size: event.size ?? null,
    from_path: from === undefined ? null : pathOf(from),
    actor: event.actor ?? null,
    request: request ? JSON.stringify(request) : null,
  };
}

/** Of a row that is read in part. */
export const glanceOf = ({
  action,
  object,
  path,
}: Pick<Selectable<EventsTable>, 'action' | 'object' | 'path'>) => ({
  action: action as EventAction,
  object: object as EventObject,
  repository: nameOf(path),
});

function eventOf(row: Selectable<EventsTable>): Event {
  return {
    seq: row.seq,
    id: row.id,
    at: row.at,
    ...glanceOf(row),
    digest: row.digest !== null && isDigest(row.digest) ? row.digest : undefined,
    tag: row.tag !== null && isTag(row.tag) ? row.tag : undefined,
    mediaType: row.media_type ?? undefined,
    size: row.size ?? undefined,
    from: row.from_path === null ? undefined : nameOf(row.from_path),
    actor: row.actor ?? undefined,
    request: row.request === null ? undefined : (JSON.parse(row.request) as EventRequest),
  };
}
