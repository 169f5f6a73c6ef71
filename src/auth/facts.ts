/** What is known when it is decided who may do what, and how it is read: a handful of queries, however much is asked for. */
import {type NameRule, starlingxRules} from '../config/name-rules.ts';
import type {Config} from '../config/schema.ts';
import type {OwnedNamespace} from '../metadata/access-facts.ts';
import {type Role, roles} from '../metadata/words.ts';
import {isRepositoryName} from '../oci/name.ts';
import type {Scope} from '../oci/scope.ts';
import type {Caller} from './caller.ts';
import {namespacesAbove, namespaceToCreate, owningNamespace} from '../oci/owning-namespace.ts';

export type Policy = Pick<Config['namespaces'], 'createOnPush' | 'push' | 'contributorsDelete'> & {
  /** Whether public namespaces can be pulled from without an account. */
  readonly anonymous: boolean;
  /** They decide in place of namespaces and teams; absent: those do. */
  readonly rules?: readonly NameRule[];
};

export function policyOf({auth, namespaces}: Pick<Config, 'auth' | 'namespaces'>): Policy {
  const {createOnPush, push, contributorsDelete, policy, rules} = namespaces;
  const common = {createOnPush, push, contributorsDelete, anonymous: auth.anonymous};
  if (policy === 'teams') return common;
  const preset = policy === 'starlingx' ? starlingxRules : [];
  // They speak of accounts alone.
  return {...common, anonymous: false, rules: [...rules, ...preset]};
}

export interface Facts {
  readonly policy: Policy;
  /** Whether the token is for this registry, and not for another that uses its realm. */
  readonly isOwnService: boolean;
  /** By their names; at least those that a repository in question lies below. */
  readonly namespaces: ReadonlyMap<string, OwnedNamespace>;
  /** Of the caller, by the id of the team. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Namespaces without a row that have the name of an account. */
  readonly accountNames: ReadonlySet<string>;
  /** Namespaces without a row that hold repositories, as in a tree that was taken over. */
  readonly occupied: ReadonlySet<string>;
}

/** The questions to the database and to the storage. Each list is asked for at once and has no name twice. */
export interface FactSources {
  /** Those of the names that there are. */
  readonly namespaces: (names: readonly string[]) => Promise<readonly OwnedNamespace[]>;
  /** By their names. */
  readonly allNamespaces: () => Promise<ReadonlyMap<string, OwnedNamespace>>;
  readonly roles: (
    userId: string,
  ) => Promise<readonly {readonly teamId: string; readonly role: Role}[]>;
  /** Those of the names that accounts have. */
  readonly accountNames: (names: readonly string[]) => Promise<readonly string[]>;
  /** Those of the names below which there are repositories. */
  readonly occupied: (names: readonly string[]) => Promise<readonly string[]>;
}

/** What does not depend on who asks for what. */
export interface FactReader {
  readonly sources: FactSources;
  readonly policy: Policy;
}

/** For `decide()`. */
export async function readFacts(
  reader: FactReader,
  caller: Caller,
  requested: readonly Scope[],
  isOwnService: boolean,
): Promise<Facts> {
  const {sources, policy} = reader;
  if (policy.rules) return {...unasked, policy, isOwnService};
  const repositories = requested
    .filter(({type, name}) => type === 'repository' && isRepositoryName(name))
    .map(({name}) => name);
  const above = new Set(repositories.flatMap(namespacesAbove));
  const [namespaces, roles] = await Promise.all([
    above.size === 0 ? [] : sources.namespaces([...above]),
    repositories.length === 0 ? noRoles : rolesOf(sources, caller),
  ]);
  const known = byName(namespaces);
  const missing = new Set(
    repositories
      .filter((name) => owningNamespace(known, name) === undefined)
      .map(namespaceToCreate)
      .filter((name) => name !== undefined),
  );
  const [accountNames, occupied] = await obstacles([...missing], reader, caller);
  return {
    policy,
    isOwnService,
    namespaces: known,
    roles,
    accountNames: new Set(accountNames),
    occupied: new Set(occupied),
  };
}

/** For `visibleTo()`: with all namespaces there are. */
export async function readAllFacts({sources, policy}: FactReader, caller: Caller): Promise<Facts> {
  if (policy.rules) return {...unasked, policy, isOwnService: true};
  const [namespaces, roles] = await Promise.all([
    sources.allNamespaces(),
    rolesOf(sources, caller),
  ]);
  return {
    policy,
    isOwnService: true,
    namespaces,
    roles,
    accountNames: new Set(),
    occupied: new Set(),
  };
}

const noRoles: ReadonlyMap<string, Role> = new Map<string, Role>();

/** Rules about names need none. */
const unasked = {
  namespaces: new Map<string, OwnedNamespace>(),
  roles: noRoles,
  accountNames: new Set<string>(),
  occupied: new Set<string>(),
} as const;

export async function rolesOf(
  sources: FactSources,
  caller: Caller,
): Promise<ReadonlyMap<string, Role>> {
  if (caller.kind === 'anonymous') return noRoles;
  const rows = await sources.roles(caller.id);
  const {teams} = caller.limits ?? {};
  return new Map(
    rows.flatMap(({teamId, role}) => {
      const most = teams ? teams[teamId] : role;
      return most === undefined ? [] : [[teamId, lower(role, most)]];
    }),
  );
}

function lower(one: Role, other: Role): Role {
  return roles.indexOf(one) < roles.indexOf(other) ? one : other;
}

/** Asked where the caller could make one of these namespaces, and not else; that of his own name he can make whatever the answer. */
async function obstacles(
  missing: readonly string[],
  {sources, policy}: FactReader,
  caller: Caller,
): Promise<readonly [readonly string[], readonly string[]]> {
  if (caller.kind === 'anonymous' || caller.isRobot) return [[], []];
  const isMaker =
    policy.createOnPush === 'users' || (policy.createOnPush === 'admins' && caller.isAdmin);
  const names = missing.filter((name) => name !== caller.name);
  if (!isMaker || names.length === 0) return [[], []];
  return Promise.all([sources.accountNames(names), caller.isAdmin ? [] : sources.occupied(names)]);
}

export function byName(namespaces: readonly OwnedNamespace[]): ReadonlyMap<string, OwnedNamespace> {
  return new Map(namespaces.map((each) => [each.name, each]));
}
