/** Events that have happened, for whoever wants some of them. */
import type {Kysely, Selectable} from 'kysely';
import {liesIn} from '../../oci/owning-namespace.ts';
import type {Schema} from '../schema.ts';
import type {Event, EventAction} from './event.ts';
import {findEvents, glanceOf, readPosition} from './log.ts';
import type {EventsTable} from './schema.ts';

export interface EventFilter {
  readonly repository?: string | undefined;
  /** What lies in it and below. */
  readonly namespace?: string | undefined;
  /** Absent: what is done to manifests, tags and repositories, without pulls. */
  readonly actions?: ReadonlySet<EventAction> | undefined;
}

/** What it takes to know whether somebody wants an event. */
type Glance = Pick<Event, 'repository' | 'action' | 'object'>;

const usual: ReadonlySet<EventAction> = new Set(['push', 'tag', 'delete']);

export const passes =
  ({repository, namespace, actions}: EventFilter) =>
  (event: Glance): boolean =>
    (repository === undefined || event.repository === repository) &&
    (namespace === undefined || liesIn(namespace, event.repository)) &&
    (actions ? actions.has(event.action) : usual.has(event.action) && event.object !== 'blob');

interface Wanted {
  readonly limit: number;
  readonly wants: (event: Glance) => boolean;
}

interface Past {
  /** The oldest first. */
  readonly events: readonly Event[];
  /** After which to go on: all that is wanted up to it was among these, or is older. */
  readonly last: number;
}

/** Of glances: a small part of what a row holds. */
const rowsAtOnce = 2000;
/** Rows that are looked at for one answer. */
const mostRows = 20_000;

/** The oldest after one; without that, the newest. */
export async function pastEvents(
  db: Kysely<Schema>,
  {after, ...wanted}: Wanted & {readonly after: number | undefined},
): Promise<Past> {
  if (after === undefined) {
    const {events, last} = await newestEvents(db, wanted);
    return {events: events.toReversed(), last};
  }
  const written = await readPosition(db, 'written');
  const found: number[] = [];
  let last = Math.min(after, written);
  for (let rows = 0; rows < mostRows && last < written; rows += rowsAtOnce) {
    const query = glances(db).where('seq', '>', last).where('seq', '<=', written);
    const some = await query.orderBy('seq').limit(rowsAtOnce).execute();
    found.push(...wantedOf(some, wanted));
    const end = found[wanted.limit - 1];
    if (end !== undefined) return {events: await inOrder(db, found, wanted), last: end};
    last = some.length < rowsAtOnce ? written : (some.at(-1)?.seq ?? written);
  }
  return {events: await inOrder(db, found, wanted), last};
}

interface Newest {
  /** The newest first. */
  readonly events: readonly Event[];
  /** After which what comes is news. */
  readonly last: number;
  /** Before which to go on; absent: there is nothing older. */
  readonly before: number | undefined;
}

/** Before one; without that, of all. */
export async function newestEvents(
  db: Kysely<Schema>,
  {before = Infinity, ...wanted}: Wanted & {readonly before?: number | undefined},
): Promise<Newest> {
  const last = await readPosition(db, 'written');
  const found: number[] = [];
  let next = Math.min(before, last + 1);
  let isEnd = false;
  for (let rows = 0; rows < mostRows && !isEnd; rows += rowsAtOnce) {
    const query = glances(db).where('seq', '<', next).orderBy('seq', 'desc');
    const some = await query.limit(rowsAtOnce).execute();
    found.push(...wantedOf(some, wanted));
    const oldest = some.at(-1)?.seq;
    const end = found[wanted.limit - 1];
    if (end !== undefined && end !== oldest) {
      return {events: await inOrder(db, found, wanted), last, before: end};
    }
    isEnd = some.length < rowsAtOnce;
    next = oldest ?? next;
    if (end !== undefined) break;
  }
  return {events: await inOrder(db, found, wanted), last, before: isEnd ? undefined : next};
}

const glances = (db: Kysely<Schema>) =>
  db.selectFrom('events').select(['seq', 'path', 'action', 'object']);

const wantedOf = (
  rows: readonly Pick<Selectable<EventsTable>, 'seq' | 'path' | 'action' | 'object'>[],
  {wants}: Wanted,
): readonly number[] => rows.filter((row) => wants(glanceOf(row))).map(({seq}) => seq);

/** As many as are wanted; one that is deleted meanwhile is left out. */
async function inOrder(
  db: Kysely<Schema>,
  seqs: readonly number[],
  {limit}: Wanted,
): Promise<readonly Event[]> {
  const wanted = seqs.slice(0, limit);
  const events = await findEvents(db, wanted);
  return wanted.flatMap((seq) => events.get(seq) ?? []);
}
