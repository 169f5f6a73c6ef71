/** Every operation by its name, for whoever has a name and JSON alone. */
import {createToken, deleteToken, listTokens} from './application-tokens.ts';
import type {Actor} from './actor.ts';
import type {AdministrationContext} from './context.ts';
import {backUpDatabase, restoreDatabase, showDatabase} from './database.ts';
import {explainAccess} from './explain.ts';
import {rotateKeys, showKeys} from './keys.ts';
import {
  addNamespace,
  describeNamespace,
  listAllNamespaces,
  removeNamespace,
  setTeam,
  setVisibility,
  showNamespace,
} from './namespaces.ts';
import {changeProfile} from './profile.ts';
import {addRobot, listRobots, removeRobot} from './robots.ts';
import {changeTeam, setTeamSync} from './team-settings.ts';
import {
  addTeam,
  addTeamMember,
  listAllTeams,
  removeTeam,
  removeTeamMember,
  setMemberRole,
  showTeam,
} from './teams.ts';
import {
  changeAdmin,
  changePassword,
  createUser,
  disableUser,
  enableUser,
  listAllUsers,
  removeUser,
  showUser,
} from './users.ts';

interface NamedOperation {
  readonly name: string;
  readonly perform: (
    context: AdministrationContext,
    actor: Actor,
    input: unknown,
  ) => Promise<unknown>;
}

const all: readonly NamedOperation[] = [
  createUser,
  listAllUsers,
  showUser,
  disableUser,
  enableUser,
  changePassword,
  changeAdmin,
  changeProfile,
  removeUser,
  addTeam,
  listAllTeams,
  showTeam,
  changeTeam,
  removeTeam,
  addTeamMember,
  setMemberRole,
  setTeamSync,
  removeTeamMember,
  addNamespace,
  listAllNamespaces,
  showNamespace,
  describeNamespace,
  setVisibility,
  setTeam,
  removeNamespace,
  createToken,
  listTokens,
  deleteToken,
  addRobot,
  listRobots,
  removeRobot,
  showKeys,
  rotateKeys,
  explainAccess,
  showDatabase,
  backUpDatabase,
  restoreDatabase,
];

export const operations: ReadonlyMap<string, NamedOperation> = new Map(
  all.map((each) => [each.name, each]),
);
