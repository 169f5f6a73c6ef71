/** Teams and their members as the API shows them. */
import {z} from 'zod';
import type {AdministrationContext} from '../../auth/administration/context.ts';
import type {ShownMember} from '../../metadata/member-pages.ts';
import {countOfTeams} from '../../metadata/team-pages.ts';
import type {Team} from '../../metadata/teams.ts';
import {roles} from '../../metadata/words.ts';
import type {Asker} from './asker.ts';
import {accountOf, time, timeText} from './fields.ts';
import type {Sight} from './sight.ts';

export const role = z.enum(roles, `must be one of ${roles.join(', ')}`);

export const teamAnswer = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    hidden: z.boolean().describe('The team of one, behind a personal namespace.'),
    ldap_synced: z.boolean().describe('Groups of a directory decide who is in it.'),
    role: role.nullable().describe('What you are in it.'),
    updatable: z.boolean().describe('Whether you may change it.'),
    users_count: z.int().describe('Members that are enabled.'),
    namespaces_count: z.int(),
    created_at: time,
    updated_at: time.describe('As `created_at`, for clients of Portus: no changes are noted.'),
  })
  .meta({id: 'Team', description: 'Who owns namespaces and robots.'});

export async function presentTeams(
  {db, config}: AdministrationContext,
  asker: Asker,
  {roles: held}: Pick<Sight, 'roles'>,
  teams: readonly Team[],
): Promise<readonly z.output<typeof teamAnswer>[]> {
  const {isAdmin} = accountOf(asker);
  const ids = teams.map(({id}) => id);
  const counts = await countOfTeams(db, ids);
  return teams.map((team) => {
    const {members, namespaces} = counts(team.id);
    const own = held.get(team.id);
    const isManager = isAdmin || (own === 'owner' && config.permissions.manageTeams);
    return {
      id: team.id,
      name: team.name,
      description: team.description,
      hidden: team.isPersonal,
      ldap_synced: team.isSynced,
      role: own ?? null,
      updatable: asker.isWhole && isManager,
      users_count: members,
      namespaces_count: namespaces,
      created_at: timeText(team.createdAt),
      updated_at: timeText(team.createdAt),
    };
  });
}

export const memberAnswer = z
  .strictObject({
    id: z.string().describe('Of the member: the id of the account.'),
    team_id: z.string(),
    user_id: z.string(),
    username: z.string(),
    display_name: z.string().describe('The name that people read, or else the username.'),
    role,
    admin: z.boolean(),
    bot: z.boolean(),
    created_at: time,
    updated_at: time.describe('As `created_at`, for clients of Portus: no changes are noted.'),
  })
  .meta({id: 'Member', description: 'An account in a team.'});

export const presentMember = (
  {id: teamId}: Pick<Team, 'id'>,
  {userId, userName, displayName, role: held, isAdmin, isRobot, createdAt}: ShownMember,
): z.output<typeof memberAnswer> => ({
  id: userId,
  team_id: teamId,
  user_id: userId,
  username: userName,
  display_name: displayName ?? userName,
  role: held,
  admin: isAdmin,
  bot: isRobot,
  created_at: timeText(createdAt),
  updated_at: timeText(createdAt),
});
