/** Which activities somebody may see, as a condition: it is the same for pages, for their count, and for a whole file. */
import {type Expression, type ExpressionBuilder, sql, type SqlBool} from 'kysely';
import type {Schema} from './schema.ts';
import type {Visibility} from './words.ts';

/**
 * `all`: an admin. Else what he did himself and what concerns his account; what concerns his teams; and of namespaces that are his teams', or
 * whose visibility is one of these, what was done in them. What was denied or failed is told to whoever did it, to whom it concerns, and to admins.
 */
export type ActivitySight =
  | 'all'
  | {
      /** Absent: nobody who is known. */
      readonly accountId?: string | undefined;
      readonly teamIds: readonly string[];
      readonly visibilities: readonly Visibility[];
    };

type Builder = ExpressionBuilder<Schema, 'activities'>;

/** What whoever may pull is told; the rest of a namespace, as its webhooks, is its members' affair. */
const open = ['namespace', 'repository', 'tag', 'manifest'];

const never = sql<SqlBool>`1 = 0`;

const oneOf = (column: Expression<string>, values: readonly string[]): Expression<SqlBool> =>
  values.length === 0 ? never : sql<SqlBool>`${column} in (${sql.join([...values])})`;

interface Seen {
  readonly teamIds: readonly string[];
  readonly visibilities: readonly Visibility[];
}

/** A row of `namespaces`, by the name that it has in the statement. */
const isSeen = (alias: string, {teamIds, visibilities}: Seen): Expression<SqlBool> =>
  sql<SqlBool>`(${oneOf(sql.ref<string>(`${alias}.team_id`), teamIds)} or ${oneOf(
    sql.ref<string>(`${alias}.visibility`),
    visibilities,
  )})`;

/**
 * By the id of the namespace, as another one may have its name by now; what was taken from elsewhere has a name alone. A repository that lies in a
 * narrower namespace by now, which is hidden, is hidden with it.
 */
const inSeen = (seen: Seen): Expression<SqlBool> => sql<SqlBool>`(
  (activities.namespace_id in (select n.id from namespaces n where ${isSeen('n', seen)})
    or (activities.namespace_id is null
      and activities.namespace in (select n.name from namespaces n where ${isSeen('n', seen)})))
  and (activities.repository is null or not exists (
    select 1 from namespaces h
    where h.name > concat(activities.namespace, '/') and h.name < concat(activities.namespace, '0')
      and activities.repository > concat(h.name, '/') and activities.repository < concat(h.name, '0')
      and not ${isSeen('h', seen)})))`;

export function seenBy(eb: Builder, sight: ActivitySight): Expression<SqlBool> {
  if (sight === 'all') return sql<SqlBool>`1 = 1`;
  const {accountId, teamIds, visibilities} = sight;
  const ofTeams = eb.and([
    eb('activities.namespace', 'is', null),
    eb.or([
      oneOf(sql.ref<string>('activities.team_id'), teamIds),
      eb.and([
        eb('activities.subject_kind', '=', 'team'),
        oneOf(sql.ref<string>('activities.subject_id'), teamIds),
      ]),
    ]),
  ]);
  const ofNamespaces = eb.and([
    eb('activities.namespace', 'is not', null),
    eb.or([
      inSeen({teamIds, visibilities: []}),
      eb.and([eb('activities.subject_kind', 'in', open), inSeen({teamIds, visibilities})]),
    ]),
  ]);
  const done = eb.and([eb('activities.outcome', 'is', null), eb.or([ofTeams, ofNamespaces])]);
  if (accountId === undefined) return done;
  return eb.or([
    eb('activities.actor_id', '=', accountId),
    eb('activities.account_id', '=', accountId),
    done,
  ]);
}
