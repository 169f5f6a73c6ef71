/** Callers and facts that the tests of rights are made of. */
import type {Account, Caller, Limits} from '../../src/auth/caller.ts';
import type {OwnedNamespace} from '../../src/metadata/access-facts.ts';
import type {Facts, Policy} from '../../src/auth/facts.ts';
import type {Role} from '../../src/metadata/words.ts';
import type {Scope} from '../../src/oci/scope.ts';

export const defaultPolicy: Policy = {
  createOnPush: 'admins',
  push: 'members',
  contributorsDelete: false,
  anonymous: true,
};

export function account(name: string, more: Partial<Account> = {}): Account {
  return {
    kind: 'account',
    id: `id-${name}`,
    name,
    provider: 'local',
    isAdmin: false,
    isRobot: false,
    generation: 1,
    ...more,
  };
}

export function limited(caller: Account, limits: Partial<Limits>): Account {
  return {...caller, limits: {isPullOnly: false, ...limits}};
}

/** The team of a namespace has its id from its name, unless another is given. */
export function namespace(
  name: string,
  visibility: OwnedNamespace['visibility'],
  team = `team of ${name}`,
): OwnedNamespace {
  return {name, visibility, teamId: `id of ${team}`, teamName: team};
}

export function factsOf({
  namespaces = [],
  roles = {},
  policy = {},
  accountNames = [],
  occupied = [],
  isOwnService = true,
}: {
  readonly namespaces?: readonly OwnedNamespace[];
  /** Of the caller, by the name of the team. */
  readonly roles?: Readonly<Record<string, Role>>;
  readonly policy?: Partial<Policy>;
  readonly accountNames?: readonly string[];
  readonly occupied?: readonly string[];
  readonly isOwnService?: boolean;
}): Facts {
  return {
    policy: {...defaultPolicy, ...policy},
    isOwnService,
    namespaces: new Map(namespaces.map((each) => [each.name, each])),
    roles: new Map(Object.entries(roles).map(([team, role]) => [`id of ${team}`, role])),
    accountNames: new Set(accountNames),
    occupied: new Set(occupied),
  };
}

export function repository(name: string, ...actions: readonly string[]): Scope {
  return {type: 'repository', name, actions};
}

/** A caller of a row of a table, and his role in the team that it is about. */
export interface Row {
  readonly caller: Caller;
  readonly role?: Role;
}

const admin = account('root-admin', {isAdmin: true});
const olga = account('olga');

export const rows: Readonly<Record<string, Row>> = {
  anonymous: {caller: {kind: 'anonymous'}},
  stranger: {caller: account('steve')},
  viewer: {caller: account('vera'), role: 'viewer'},
  contributor: {caller: account('carl'), role: 'contributor'},
  owner: {caller: olga, role: 'owner'},
  admin: {caller: admin},
  'robot viewer': {caller: account('bot-v', {isRobot: true}), role: 'viewer'},
  'robot contributor': {caller: account('bot-c', {isRobot: true}), role: 'contributor'},
  'robot stranger': {caller: account('bot-s', {isRobot: true})},
  'pull-only owner': {caller: limited(olga, {isPullOnly: true}), role: 'owner'},
  'pull-only admin': {caller: limited(admin, {isPullOnly: true})},
  'owner limited here': {caller: limited(olga, {namespaces: ['web']}), role: 'owner'},
  'owner limited elsewhere': {
    caller: limited(olga, {namespaces: ['we', 'web/ap', 'x']}),
    role: 'owner',
  },
  'admin limited elsewhere': {caller: limited(admin, {namespaces: ['web2']})},
  'admin limited to nothing': {caller: limited(admin, {namespaces: []})},
};
