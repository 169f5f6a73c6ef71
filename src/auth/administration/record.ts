/** What an operation writes down of itself: once, in the transaction of what it does. */
import {type NewActivity, insertActivities} from '../../metadata/activities.ts';
import {findApplicationToken} from '../../metadata/application-tokens.ts';
import type {Database} from '../../metadata/database.ts';
import {findNamespaceByName, type Namespace} from '../../metadata/namespaces.ts';
import {findTeamByName, type Team} from '../../metadata/teams.ts';
import {findUserByName, type User} from '../../metadata/users.ts';
import {doerOf} from '../activities/origin.ts';
import type {Actor} from './actor.ts';

type Db = Database['db'];

/** By their names. */
export interface About {
  /** What it is done to. */
  readonly subject: string;
  /** Where it is none of these. */
  readonly subjectId?: string | undefined;
  /** In which namespace, or to which; empty: the root namespace. */
  readonly namespace?: string | undefined;
  readonly team?: string | undefined;
  readonly account?: string | undefined;
}

/** As they are before it is done; absent: they are not there yet. */
interface Before {
  readonly namespace: Namespace | undefined;
  readonly team: Team | undefined;
  readonly account: User | undefined;
}

export interface Recorded<I> {
  /** Subject and verb, in words that Portus has where it has some. */
  readonly key: string | ((input: I) => string);
  readonly about: (input: I, db: Db) => About | Promise<About>;
  /** Whether it only tells what it would do. */
  readonly isDry?: (input: I) => boolean;
  /** What else is told: never a password, a token, or what is one. */
  readonly details?: (input: I, before: Before, db: Db) => object | Promise<object>;
}

/** Reads what is there before the operation; what it answers writes the activity down after it. Both within the transaction. */
export async function prepareRecord<I>(
  db: Db,
  {key: keyOf, about, details}: Recorded<I>,
  {actor, input, now}: {readonly actor: Actor; readonly input: I; readonly now: number},
): Promise<(db: Db) => Promise<void>> {
  const {subject, subjectId, ...names} = await about(input, db);
  const before = await find(db, names);
  const parameters = await details?.(input, before, db);
  const signed = await signatureOf(db, actor);
  const key = typeof keyOf === 'string' ? keyOf : keyOf(input);
  return async (turn) => {
    const missing = Object.entries(before).some(([, value]) => value === undefined);
    const after = missing ? await find(turn, names) : before;
    const {namespace, team, account} = merged(before, after);
    const kind = (key.split('.')[0] ?? key).replaceAll('_', '-');
    const ids: Readonly<Record<string, string | undefined>> = {
      namespace: namespace?.id,
      team: team?.id,
      user: account?.id,
      robot: account?.id,
    };
    const activity: NewActivity = {
      at: now,
      key,
      ...signed,
      subject: {kind, id: ids[kind] ?? subjectId, name: subject},
      namespace:
        names.namespace === undefined ? undefined : {id: namespace?.id, name: names.namespace},
      teamId: team?.id ?? account?.teamId,
      accountId: account?.id,
      parameters: parameters && {...parameters},
    };
    await insertActivities(turn, [activity]);
  };
}

async function find(
  db: Db,
  {namespace, team, account}: Omit<About, 'subject' | 'subjectId'>,
): Promise<Before> {
  return {
    namespace: namespace === undefined ? undefined : await findNamespaceByName(db, namespace),
    team: team === undefined ? undefined : await findTeamByName(db, team),
    account: account === undefined ? undefined : await findUserByName(db, account),
  };
}

const merged = (before: Before, after: Before): Before => ({
  namespace: before.namespace ?? after.namespace,
  team: before.team ?? after.team,
  account: before.account ?? after.account,
});

/** Who, from where, and by which credential: an application token has a name, which is told. */
export async function signatureOf(
  db: Db,
  actor: Actor,
): Promise<Pick<NewActivity, 'actor' | 'address' | 'credential' | 'requestId'>> {
  const {origin = {}} = actor;
  const {address, requestId, credential} = origin;
  const id = credential?.kind === 'application-token' ? credential.id : undefined;
  const token = id === undefined ? undefined : (await findApplicationToken(db, id))?.token;
  return {
    actor: actor.kind === 'operator' ? {kind: 'operator', name: actor.name ?? ''} : doerOf(actor),
    address,
    requestId,
    credential: credential && {...credential, name: token?.name ?? credential.name},
  };
}
