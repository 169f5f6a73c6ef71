/** What somebody may administer because it is his team's, as far as the configuration lets owners. */
import type {Config} from '../../config/schema.ts';
import {findRole} from '../../metadata/memberships.ts';
import {findNamespaceByName, findNamespacesOf} from '../../metadata/namespaces.ts';
import {findTeam, findTeamByName, type Team} from '../../metadata/teams.ts';
import {findUserByName} from '../../metadata/users.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Account} from '../caller.ts';
import type {AdministrationContext} from './context.ts';
import {requireNobodyElsewhere} from './name-elsewhere.ts';

/** Whether he owns it, and owners may do such a thing. */
export type OwnsBy = (
  context: AdministrationContext,
  account: Account,
  name: string,
) => Promise<boolean>;

type Switch = keyof Config['permissions'];

const owns = async (
  {db}: AdministrationContext,
  {id: userId}: Account,
  team: Team | undefined,
): Promise<boolean> =>
  team !== undefined && (await findRole(db, {teamId: team.id, userId})) === 'owner';

/** By the team's name. */
export const ownsTeam =
  (wanted: Switch): OwnsBy =>
  async (context, account, name) =>
    context.config.permissions[wanted] &&
    owns(context, account, await findTeamByName(context.db, name));

/** By the namespace's name. */
export const ownsNamespace =
  (wanted: Switch): OwnsBy =>
  async (context, account, name) => {
    if (!context.config.permissions[wanted]) return false;
    const namespace = await findNamespaceByName(context.db, name);
    return (
      namespace !== undefined &&
      owns(context, account, await findTeam(context.db, namespace.teamId))
    );
  };

/**
 * Not below what is somebody else's: the longest name decides, and his repositories would not be his any more. Throws an AdministrationError
 * where the name is that of somebody who comes from a provider, and LoginUnavailable where nobody can say.
 */
export async function isFreePlace(
  context: AdministrationContext,
  account: Account,
  name: RepositoryName,
): Promise<boolean> {
  const {db, isOccupied} = context;
  if (await isOccupied(name)) return false;
  const [first = '', ...below] = name.split('/');
  const [around] = below.length === 0 ? [] : await findNamespacesOf(db, name);
  if (around) return owns(context, account, await findTeam(db, around.teamId));
  if (first === account.name) return true;
  if (below.length > 0 && (await findUserByName(db, first))) return false;
  await requireNobodyElsewhere(context, first);
  return true;
}

/** By the robot's name. */
export const ownsRobot: OwnsBy = async (context, account, name) => {
  if (!context.config.permissions.manageTeams) return false;
  const user = await findUserByName(context.db, name);
  if (user?.isRobot !== true || user.teamId === undefined) return false;
  return owns(context, account, await findTeam(context.db, user.teamId));
};
