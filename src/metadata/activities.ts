/** What was done, by whom, when and from where: put in with what was done, and read by pages. */
import {randomBytes} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import type {ActivitiesTable} from './activity-schema.ts';
import {insertAll} from './batches.ts';
import type {Schema} from './schema.ts';

type ActorKind = 'account' | 'robot' | 'operator' | 'system' | 'anonymous';
type CredentialKind =
  | 'password'
  | 'application-token'
  | 'session'
  | 'id-token'
  | 'refresh-token'
  | 'token'
  | 'socket'
  | 'setup-code'
  | 'command';
export type ActivityOutcome = 'done' | 'denied' | 'failed';

/** By what somebody was known: never the secret itself. */
export interface Credential {
  readonly kind: CredentialKind;
  /** Of an application token: what finds it in the database, and what its user calls it. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/** Names are written down as they are then: they are readable when nobody has them any more. */
export interface NewActivity {
  /** In ms since 1970. */
  readonly at: number;
  /** Subject and verb: `repository.push`. */
  readonly key: string;
  readonly actor: {
    readonly kind: ActorKind;
    /** Of an account; absent: nobody's. */
    readonly id?: string | undefined;
    readonly name: string;
  };
  readonly subject: {
    readonly kind: string;
    readonly id?: string | undefined;
    readonly name: string;
  };
  /** The one that it is in, or is about; an empty name is the root namespace. Who sees that one, sees this. */
  readonly namespace?: {readonly id?: string | undefined; readonly name: string} | undefined;
  readonly repository?: string | undefined;
  /** Its members see it, where it is about no namespace. */
  readonly teamId?: string | undefined;
  /** Whose account it concerns: he sees it. */
  readonly accountId?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** `done` unless given. */
  readonly outcome?: ActivityOutcome | undefined;
  readonly address?: string | undefined;
  readonly credential?: Credential | undefined;
  readonly requestId?: string | undefined;
  /** In the minute from `at` on; once unless given. */
  readonly times?: number | undefined;
}

export interface Activity extends Omit<NewActivity, 'actor'> {
  readonly id: string;
  /** Absent: what was taken from elsewhere does not say. */
  readonly actor: Omit<NewActivity['actor'], 'kind'> & {readonly kind?: ActorKind | undefined};
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly outcome: ActivityOutcome;
  readonly times: number;
  /** The number of the seal over it; absent: none yet. */
  readonly seal: number | undefined;
}

export type ActivityRow = Selectable<ActivitiesTable>;

const longest = {name: 255, id: 64, word: 32, parameters: 16_384} as const;

/** In characters, of which none is half. */
const cut = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).toWellFormed();
const maybe = (text: string | undefined, most: number): string | null =>
  text === undefined ? null : cut(text, most);

/** Sorted by time; of one millisecond those that are put in together keep their order. */
const idOf = (at: number, index: number): string =>
  Math.max(0, at).toString(16).padStart(12, '0') +
  index.toString(16).padStart(4, '0').slice(-4) +
  randomBytes(8).toString('hex');

function parametersText(parameters: NewActivity['parameters']): string {
  const text = JSON.stringify(parameters ?? {});
  return text.length <= longest.parameters ? text : JSON.stringify({tooLong: true});
}

function toRow(activity: NewActivity, index: number): ActivityRow {
  const {at, key, actor, subject, namespace, credential, outcome = 'done', times = 1} = activity;
  return {
    id: idOf(at, index),
    at,
    key: cut(key, longest.id),
    actor_id: maybe(actor.id, longest.id),
    actor_name: cut(actor.name, longest.name),
    subject_kind: cut(subject.kind, longest.word),
    subject_id: maybe(subject.id, longest.id),
    subject_name: cut(subject.name, longest.name),
    namespace: maybe(namespace?.name, longest.name),
    parameters: parametersText(activity.parameters),
    outcome: outcome === 'done' ? null : outcome,
    actor_kind: actor.kind,
    namespace_id: maybe(namespace?.id, longest.id),
    repository: maybe(activity.repository, longest.name),
    team_id: maybe(activity.teamId, longest.id),
    account_id: maybe(activity.accountId, longest.id),
    address: maybe(activity.address, longest.id),
    credential_kind: credential?.kind ?? null,
    credential_id: maybe(credential?.id, longest.id),
    credential_name: maybe(credential?.name, longest.name),
    request_id: maybe(activity.requestId, longest.name),
    times: times === 1 ? null : times,
    seal: null,
  };
}

/** Within whatever transaction `db` is: then they are there if what they tell of is. */
export async function insertActivities(
  db: Kysely<Schema>,
  activities: readonly NewActivity[],
): Promise<void> {
  if (activities.length > 0) await insertAll(db, 'activities', activities.map(toRow));
}

/** We wrote it, or somebody has changed it. */
function parametersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? {...value} : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

export function toActivity(row: ActivityRow): Activity {
  const {credential_kind: kind} = row;
  return {
    id: row.id,
    at: row.at,
    key: row.key,
    // What stands in the column are these words, or what somebody has put there.
    actor: {
      kind: (row.actor_kind ?? undefined) as ActorKind | undefined,
      id: row.actor_id ?? undefined,
      name: row.actor_name,
    },
    subject: {kind: row.subject_kind, id: row.subject_id ?? undefined, name: row.subject_name},
    namespace:
      row.namespace === null ? undefined : {id: row.namespace_id ?? undefined, name: row.namespace},
    repository: row.repository ?? undefined,
    teamId: row.team_id ?? undefined,
    accountId: row.account_id ?? undefined,
    parameters: parametersOf(row.parameters),
    outcome: row.outcome ?? 'done',
    address: row.address ?? undefined,
    credential:
      kind === null
        ? undefined
        : {
            kind: kind as CredentialKind,
            id: row.credential_id ?? undefined,
            name: row.credential_name ?? undefined,
          },
    requestId: row.request_id ?? undefined,
    times: row.times ?? 1,
    seal: row.seal ?? undefined,
  };
}
