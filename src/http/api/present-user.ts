/** Accounts as the API shows them: the fields of Portus, and ours beside them. */
import {z} from 'zod';
import type {AdministrationContext} from '../../auth/administration/context.ts';
import type {Database} from '../../metadata/database.ts';
import {personalNamespaces} from '../../metadata/user-pages.ts';
import {listMembershipsOf} from '../../metadata/memberships.ts';
import {findUserByName, type User} from '../../metadata/users.ts';
import type {Asker} from './asker.ts';
import {time, timeOrNull, timeText, unknown} from './fields.ts';
import {role} from './present-team.ts';

export const userAnswer = z
  .strictObject({
    id: z.string().describe('Text, and no number as with Portus.'),
    username: z.string(),
    email: z.string().nullable(),
    display_name: z.string().nullable(),
    admin: z.boolean(),
    enabled: z.boolean(),
    bot: z.boolean().describe('A robot of a team.'),
    provider: z.string().describe('Where the account comes from: local, ldap ...'),
    namespace_id: z.string().nullable().describe('Of the personal namespace.'),
    created_at: time,
    updated_at: time,
    current_sign_in_at: time.nullable(),
    last_sign_in_at: time.nullable(),
    locked_at: time
      .nullable()
      .describe(
        'Since when nobody may log in by this name from some address, for wrong passwords. Told to admins alone, of the process that answers.',
      ),
    locked_until: time.nullable().describe('When the last of these locks ends.'),
  })
  .meta({id: 'User', description: 'A person or a robot.'});

type UserAnswer = z.output<typeof userAnswer>;

/** Where it is shown alone. */
export const wholeUserAnswer = userAnswer
  .extend({
    teams: z
      .array(z.strictObject({id: z.string(), name: z.string(), role}))
      .describe('Those that it belongs to, its personal one too.'),
  })
  .meta({id: 'WholeUser', description: 'An account with its teams.'});

/** What is shown of accounts depends on who asks. */
interface UserSight {
  readonly db: Database['db'];
  /** Absent: who asks may not hear of them. */
  readonly locks: AdministrationContext['locks'] | undefined;
}

export const userSight = (
  {db, locks}: Pick<AdministrationContext, 'db' | 'locks'>,
  {caller, isWhole}: Asker,
): UserSight => ({
  db,
  locks: caller.kind === 'account' && caller.isAdmin && isWhole ? locks : undefined,
});

/** By the name; throws an ApiError `unknown`. */
export async function presentUser(
  sight: UserSight,
  name: string,
): Promise<z.output<typeof wholeUserAnswer>> {
  const {db} = sight;
  const user = await findUserByName(db, name);
  const [shown] = user ? await presentUsers(sight, [user]) : [];
  if (!user || !shown) throw unknown('user');
  const memberships = await listMembershipsOf(db, user.id);
  const teams = memberships.map(({teamId: id, teamName, role: held}) => ({
    id,
    name: teamName,
    role: held,
  }));
  return {...shown, teams};
}

export async function presentUsers(
  {db, locks}: UserSight,
  users: readonly User[],
): Promise<readonly UserAnswer[]> {
  const people = users.filter(({isRobot}) => !isRobot).map(({name}) => name);
  const namespaces = await personalNamespaces(db, people);
  const locked = locks?.locksOf(users.map(({name}) => name));
  return users.map((user) => ({
    id: user.id,
    username: user.name,
    email: user.email ?? null,
    display_name: user.displayName ?? null,
    admin: user.isAdmin,
    enabled: user.isEnabled,
    bot: user.isRobot,
    provider: user.provider,
    namespace_id: (user.isRobot ? undefined : namespaces.get(user.name)) ?? null,
    created_at: timeText(user.createdAt),
    updated_at: timeText(user.updatedAt),
    current_sign_in_at: timeOrNull(user.lastLoginAt),
    last_sign_in_at: timeOrNull(user.lastLoginAt),
    locked_at: timeOrNull(locked?.get(user.name)?.since),
    locked_until: timeOrNull(locked?.get(user.name)?.until),
  }));
}
