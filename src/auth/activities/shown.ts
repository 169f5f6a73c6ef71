/** An activity as it is shown: by the API, in files and by commands alike. */
import {z} from 'zod';
import type {Activity} from '../../metadata/activities.ts';

const maybe = z.string().nullable();

export const shownActivity = z
  .strictObject({
    id: z.string(),
    at: z.iso.datetime(),
    key: z.string().describe('What it is about and what was done, as `namespace.create`.'),
    outcome: z.enum(['done', 'denied', 'failed']),
    times: z.number().describe('How often, within a minute: of what was denied or failed.'),
    actor_kind: maybe.describe(
      'account, robot, operator (of the host), system, anonymous; null: taken over from elsewhere.',
    ),
    actor: maybe.describe('The name at that time; null: it is told to accounts alone.'),
    subject_kind: z.string(),
    subject: z.string().describe('The name at that time.'),
    namespace: maybe.describe('`/`: that of names without a slash.'),
    repository: maybe,
    parameters: z
      .record(z.string(), z.unknown())
      .describe('What else is known of it; of others, what concerns you.'),
    address: maybe.describe('Of the client; as what follows for admins and whoever did it.'),
    credential_kind: maybe,
    credential_name: maybe.describe('Of an application token.'),
    credential_id: maybe,
    request_id: maybe,
    seal: z.number().nullable().describe('The number of the seal over it; null: none yet.'),
  })
  .meta({id: 'Activity', description: 'What somebody did.'});

export type ShownActivity = z.output<typeof shownActivity>;

/** What of an activity somebody is told. */
export interface Telling {
  readonly actor: boolean;
  readonly parameters: 'all' | 'open';
  /** Address, credential and request. */
  readonly origin: boolean;
}

export const everything: Telling = {actor: true, parameters: 'all', origin: true};

/** What says nothing of other teams and people. */
const open: ReadonlySet<string> = new Set(['tag', 'tags', 'digest', 'visibility', 'description']);

export function toShown(activity: Activity, {actor, parameters, origin}: Telling): ShownActivity {
  const {namespace, credential} = activity;
  const told = Object.entries(activity.parameters).filter(
    // What was taken over has whatever it has.
    ([name]) => parameters === 'all' || (activity.actor.kind !== undefined && open.has(name)),
  );
  return {
    id: activity.id,
    at: new Date(activity.at).toISOString(),
    key: activity.key,
    outcome: activity.outcome,
    times: activity.times,
    actor_kind: activity.actor.kind ?? null,
    actor: actor ? activity.actor.name : null,
    subject_kind: activity.subject.kind,
    subject: activity.subject.name,
    namespace: namespace === undefined ? null : namespace.name === '' ? '/' : namespace.name,
    repository: activity.repository ?? null,
    parameters: Object.fromEntries(told),
    address: (origin ? activity.address : undefined) ?? null,
    credential_kind: (origin ? credential?.kind : undefined) ?? null,
    credential_name: (origin ? credential?.name : undefined) ?? null,
    credential_id: (origin ? credential?.id : undefined) ?? null,
    request_id: (origin ? activity.requestId : undefined) ?? null,
    seal: activity.seal ?? null,
  };
}
