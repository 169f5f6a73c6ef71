/** Accounts as the API shows them: the fields of Portus, and ours beside them. */
import {z} from 'zod';
import type {Database} from '../../metadata/database.ts';
import {personalNamespaces} from '../../metadata/user-pages.ts';
import type {User} from '../../metadata/users.ts';

export const time = z.iso.datetime();

export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const timeOrNull = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : timeText(milliseconds);

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
    locked_at: z.null().describe('Locks are of an address, and of no account.'),
  })
  .meta({id: 'User', description: 'A person or a robot.'});

export type UserAnswer = z.output<typeof userAnswer>;

export async function presentUsers(
  db: Database['db'],
  users: readonly User[],
): Promise<readonly UserAnswer[]> {
  const people = users.filter(({isRobot}) => !isRobot).map(({name}) => name);
  const namespaces = await personalNamespaces(db, people);
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
    locked_at: null,
  }));
}
