/** Every operation by its name, for whoever has a name and JSON alone. */
import {AdministrationError} from './administration-error.ts';
import {createToken, deleteToken, listTokens} from './application-tokens.ts';
import type {Actor} from './actor.ts';
import {rebuildIndex, showIndex} from './content-index.ts';
import {
  deleteRepository,
  deleteTag,
  describeRepository,
  listDeletedTags,
  listRepositories,
  listTags,
  restoreTag,
  showHistory,
  showRepository,
  showTag,
} from './content.ts';
import type {AdministrationContext, ContentContext, IndexContext} from './context.ts';
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
import {importPortus, showImport} from './portus.ts';
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

interface NamedOperation<C> {
  readonly name: string;
  readonly perform: (context: C, actor: Actor, input: unknown) => Promise<unknown>;
}

const ofIndex: readonly NamedOperation<IndexContext>[] = [showIndex, rebuildIndex];

const ofContent: readonly NamedOperation<ContentContext>[] = [
  listRepositories,
  showRepository,
  describeRepository,
  deleteRepository,
  listTags,
  showTag,
  deleteTag,
  showHistory,
  listDeletedTags,
  restoreTag,
];

const ofAccounts: readonly NamedOperation<AdministrationContext>[] = [
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
  importPortus,
  showImport,
];

const byName = <C>(
  operations: readonly NamedOperation<C>[],
): ReadonlyMap<string, NamedOperation<C>> => new Map(operations.map((each) => [each.name, each]));

/** Those on accounts. */
export const operations = byName(ofAccounts);
const indexOperations = byName(ofIndex);
const contentOperations = byName(ofContent);

export interface Administered extends IndexContext, ContentContext {
  /** Absent: auth.mode none. */
  readonly accounts: AdministrationContext | undefined;
}

/** Rejects with an AdministrationError, `unknown` where there is no operation of that name. */
export async function administer(
  {accounts, content, index}: Administered,
  actor: Actor,
  {name, input}: {readonly name: string | undefined; readonly input: unknown},
): Promise<unknown> {
  const ofIndexOne = indexOperations.get(name ?? '');
  if (ofIndexOne) return ofIndexOne.perform({index}, actor, input);
  const ofContentOne = contentOperations.get(name ?? '');
  if (ofContentOne) return ofContentOne.perform({content}, actor, input);
  const operation = operations.get(name ?? '');
  if (!operation) throw new AdministrationError('unknown', 'there is no such operation');
  if (!accounts) {
    throw new AdministrationError(
      'no-accounts',
      'the running server has no accounts: auth.mode is none',
    );
  }
  return operation.perform(accounts, actor, input);
}
