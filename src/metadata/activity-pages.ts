/** Activities as somebody looks for them: filtered, as far as he may see them, the newest first. */
import type {Expression, ExpressionBuilder, Kysely, SelectQueryBuilder, SqlBool} from 'kysely';
import {type Activity, type ActivityOutcome, toActivity} from './activities.ts';
import {type ActivitySight, seenBy} from './activity-sight.ts';
import {type Counted, pageSize} from './page.ts';
import type {Schema} from './schema.ts';

export interface ActivityFilter {
  /** By name. */
  readonly actor?: string | undefined;
  /** By the id of the account. */
  readonly actorId?: string | undefined;
  /** A whole key, or what stands before its first dot. */
  readonly key?: string | undefined;
  /** With what lies below it; empty: the root namespace. */
  readonly namespace?: string | undefined;
  readonly repository?: string | undefined;
  readonly subject?: string | undefined;
  /** In ms, from `from` on and before `before`. */
  readonly from?: number | undefined;
  readonly before?: number | undefined;
  readonly outcome?: ActivityOutcome | undefined;
  readonly address?: string | undefined;
}

/** Where a list goes on: behind that one. */
export type ActivityPlace = Pick<Activity, 'at' | 'id'>;

interface Wanted {
  readonly filter: ActivityFilter;
  readonly sight: ActivitySight;
}

type Builder = ExpressionBuilder<Schema, 'activities'>;

/** `below`: what begins with it and a slash or a dot; the sign behind that is the next one. */
const within = (
  eb: Builder,
  column: 'activities.key' | 'activities.namespace',
  text: string,
  [separator, next]: readonly [string, string],
): Expression<SqlBool> =>
  eb.or([
    eb(column, '=', text),
    eb.and([eb(column, '>', `${text}${separator}`), eb(column, '<', `${text}${next}`)]),
  ]);

function conditions(eb: Builder, filter: ActivityFilter): readonly Expression<SqlBool>[] {
  const {actor, actorId, key, namespace, repository, subject, from, before, outcome, address} =
    filter;
  return [
    actor !== undefined && eb('activities.actor_name', '=', actor),
    actorId !== undefined && eb('activities.actor_id', '=', actorId),
    key !== undefined && within(eb, 'activities.key', key, ['.', '/']),
    namespace !== undefined &&
      (namespace === ''
        ? eb('activities.namespace', '=', '')
        : within(eb, 'activities.namespace', namespace, ['/', '0'])),
    repository !== undefined &&
      eb.or([
        eb('activities.repository', '=', repository),
        // Of what was taken from elsewhere.
        eb.and([
          eb('activities.subject_kind', '=', 'repository'),
          eb('activities.subject_name', '=', repository),
        ]),
      ]),
    subject !== undefined && eb('activities.subject_name', '=', subject),
    from !== undefined && eb('activities.at', '>=', from),
    before !== undefined && eb('activities.at', '<', before),
    outcome === 'done' && eb('activities.outcome', 'is', null),
    outcome !== undefined && outcome !== 'done' && eb('activities.outcome', '=', outcome),
    address !== undefined && eb('activities.address', '=', address),
  ].filter((each) => each !== false);
}

const wantedOf = (
  db: Kysely<Schema>,
  {filter, sight}: Wanted,
): SelectQueryBuilder<Schema, 'activities', object> =>
  db.selectFrom('activities').where((eb) => eb.and([seenBy(eb, sight), ...conditions(eb, filter)]));

/** The newest first, behind `after`: however many there are, a page costs the same. */
export async function listActivities(
  db: Kysely<Schema>,
  {
    after,
    limit,
    ...wanted
  }: Wanted & {readonly after?: ActivityPlace | undefined; readonly limit: number},
): Promise<readonly Activity[]> {
  let query = wantedOf(db, wanted).selectAll('activities');
  if (after) {
    const {at, id} = after;
    query = query.where((eb) =>
      eb.and([
        eb('activities.at', '<=', at),
        eb.or([eb('activities.at', '<', at), eb('activities.id', '<', id)]),
      ]),
    );
  }
  const rows = await query
    .orderBy('activities.at', 'desc')
    .orderBy('activities.id', 'desc')
    .limit(pageSize({limit}))
    .execute();
  return rows.map(toActivity);
}

/** A page by its number, and how many there are on all pages. */
export async function pageOfActivities(
  db: Kysely<Schema>,
  {
    page: {isDescending, offset, limit},
    ...wanted
  }: Wanted & {
    readonly page: {
      readonly isDescending: boolean;
      readonly offset: number;
      readonly limit: number;
    };
  },
): Promise<Counted<Activity>> {
  const {total} = await wantedOf(db, wanted)
    .select(({fn}) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const direction = isDescending ? 'desc' : 'asc';
  const rows = await wantedOf(db, wanted)
    .selectAll('activities')
    .orderBy('activities.at', direction)
    .orderBy('activities.id', direction)
    .limit(pageSize({limit}))
    .offset(offset)
    .execute();
  return {items: rows.map(toActivity), total};
}
