/** Every operation by its name, for whoever has a name and JSON alone. */
import {listActivities, rotateSealKey, verifySeals} from './activities.ts';
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
import {listEvents} from './events.ts';
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
import type {Operation} from './operation.ts';
import {importPortus, showImport} from './portus.ts';
import {changeProfile} from './profile.ts';
import {addRobot, changeRobot, listRobots, removeRobot} from './robots.ts';
import {changeTeam, setTeamSync} from './team-settings.ts';
import {addTeamMember, removeTeamMember, setMemberRole} from './team-members.ts';
import {endUserSession, endUserSessions, listUserSessions} from './sessions.ts';
import {addTeam, listAllTeams, removeTeam, showTeam} from './teams.ts';
import {
  changeAdmin,
  changePassword,
  createUser,
  disableUser,
  enableUser,
  listAllUsers,
  removeUser,
  showUser,
  unlockUser,
} from './users.ts';
import {listWebhookDeliveries, resendDelivery, showDelivery, testWebhook} from './deliveries.ts';
import {
  addWebhook,
  changeWebhook,
  listAllWebhooks,
  removeWebhook,
  showWebhook,
} from './webhooks.ts';

interface NamedOperation<C> {
  readonly name: string;
  readonly changes: Operation['changes'];
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
  listEvents,
];

const ofAccounts: readonly NamedOperation<AdministrationContext>[] = [
  createUser,
  listAllUsers,
  showUser,
  disableUser,
  enableUser,
  unlockUser,
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
  listUserSessions,
  endUserSessions,
  endUserSession,
  addRobot,
  listRobots,
  changeRobot,
  removeRobot,
  addWebhook,
  listAllWebhooks,
  showWebhook,
  changeWebhook,
  removeWebhook,
  listWebhookDeliveries,
  showDelivery,
  resendDelivery,
  testWebhook,
  showKeys,
  rotateKeys,
  explainAccess,
  showDatabase,
  backUpDatabase,
  restoreDatabase,
  importPortus,
  showImport,
  listActivities,
  verifySeals,
  rotateSealKey,
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
