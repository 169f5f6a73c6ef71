/** What a caller may do in a repository: the rules, in the order in which they count. */
import type {NameRule} from '../config/name-rules.ts';
import {type Role, roles} from '../metadata/words.ts';
import type {Account, Caller} from './caller.ts';
import type {OwnedNamespace} from '../metadata/access-facts.ts';
import type {Facts} from './facts.ts';
import {judgeNames} from './name-policy.ts';
import {liesIn, namespaceToCreate, owningNamespace} from '../oci/owning-namespace.ts';
import type {Allowed, Refusal, Refused, Verdict} from './reason.ts';

export const repositoryActions = ['pull', 'push', 'delete'] as const;
export type RepositoryAction = (typeof repositoryActions)[number];

/**
 * What the application token forbids and who may push at all comes first and looks at no namespace: so these refusals say nothing about
 * what there is.
 */
export function judgeRepository(
  facts: Facts,
  caller: Caller,
  name: string,
  action: RepositoryAction,
): Verdict {
  const namespace = owningNamespace(facts.namespaces, name);
  if (caller.kind === 'anonymous') return judgeAnonymous(facts, namespace, action);
  const limited = judgeLimits(caller, name, action);
  if (limited) return limited;
  const {rules} = facts.policy;
  if (rules) return judgeRules(rules, caller, name, action);
  const kept = judgePolicy(facts, caller, name, action);
  if (kept) return kept;
  return namespace
    ? judgeMember(facts, caller, namespace, action)
    : judgeUnregistered(facts, caller, name, action);
}

/** A robot has the rights of its role alone, whatever its row says, and a credential those of its teams. */
export function isRuler({isAdmin, isRobot, limits}: Account): boolean {
  return isAdmin && !isRobot && limits?.teams === undefined;
}

function judgeAnonymous(
  {policy}: Facts,
  namespace: OwnedNamespace | undefined,
  action: RepositoryAction,
): Verdict {
  const isPublic = namespace?.visibility === 'public';
  if (isPublic && action === 'pull' && policy.anonymous) return allow('public', namespace);
  return refuse('no-account', namespace);
}

function judgeLimits(
  {limits}: Account,
  name: string,
  action: RepositoryAction,
): Refused | undefined {
  if (limits?.namespaces?.some((each) => liesIn(each, name)) === false) {
    return refuse('token-namespaces');
  }
  if (limits?.isPullOnly === true && action !== 'pull') return refuse('token-pull-only');
  return undefined;
}

function judgeRules(
  rules: readonly NameRule[],
  caller: Account,
  name: string,
  action: RepositoryAction,
): Verdict {
  if (isRuler(caller)) return allow('admin');
  const judged = judgeNames(rules, caller, name, action);
  if (!judged) return refuse('no-name-rule');
  const {allowed, pattern} = judged;
  return {...(allowed ? allow('name-rule') : refuse('name-rule-forbids')), pattern};
}

function judgePolicy(
  {policy}: Facts,
  caller: Account,
  name: string,
  action: RepositoryAction,
): Refused | undefined {
  if (action !== 'push' || isRuler(caller)) return undefined;
  if (policy.push === 'admins') return refuse('policy-admins-push');
  const isBelowOwnName = !caller.isRobot && namespaceToCreate(name) === caller.name;
  if (policy.push === 'own-name' && !isBelowOwnName) return refuse('policy-own-name');
  return undefined;
}

function judgeMember(
  facts: Facts,
  caller: Account,
  namespace: OwnedNamespace,
  action: RepositoryAction,
): Verdict {
  const role = facts.roles.get(namespace.teamId);
  const needs = roleFor(facts, action);
  if (isRuler(caller)) return allow('admin', namespace, role);
  if (role !== undefined && roles.indexOf(role) >= roles.indexOf(needs)) {
    const isOwn = role === 'owner' && namespace.name === caller.name && !caller.isRobot;
    return allow(isOwn ? 'own-namespace' : 'team-role', namespace, role);
  }
  if (action === 'pull' && namespace.visibility !== 'private') {
    return allow(namespace.visibility, namespace, role);
  }
  return {
    ...refuse(role === undefined ? 'not-a-member' : 'role-too-low', namespace, role),
    needs,
  };
}

function roleFor({policy}: Facts, action: RepositoryAction): Role {
  if (action === 'pull') return 'viewer';
  return action === 'push' || policy.contributorsDelete ? 'contributor' : 'owner';
}

/** Whoever may make the namespace may pull, too: clients look for a layer before they push it. */
function judgeUnregistered(
  facts: Facts,
  caller: Account,
  name: string,
  action: RepositoryAction,
): Verdict {
  const created = namespaceToCreate(name);
  if (isRuler(caller) && (action !== 'push' || created === undefined)) return allow('admin');
  if (created === undefined || action === 'delete') return refuse('no-namespace');
  if (action === 'push') return judgeCreation(facts, caller, created);
  const push = judgeRepository(facts, caller, name, 'push');
  return push.allowed ? push : refuse('no-namespace');
}

function judgeCreation(
  {policy, accountNames, occupied}: Facts,
  caller: Account,
  namespace: string,
): Verdict {
  const isWhole = !caller.isRobot && caller.limits?.teams === undefined;
  if (!isWhole || policy.createOnPush === 'nobody') return refuse('no-namespace');
  // A token that is limited to a part of the namespace is not for making the whole of it.
  if (caller.limits?.namespaces?.includes(namespace) === false) return refuse('no-namespace');
  if (namespace !== caller.name) {
    if (accountNames.has(namespace)) return {...refuse('name-of-another'), namespace};
    if (!caller.isAdmin && policy.createOnPush === 'admins') return refuse('no-namespace');
    if (!caller.isAdmin && occupied.has(namespace)) {
      return {...refuse('repositories-without-namespace'), namespace};
    }
  }
  return {...allow('may-create'), namespace};
}

function allow(rule: Allowed['rule'], namespace?: OwnedNamespace, role?: Role): Allowed {
  return {allowed: true, rule, ...concerned(namespace, role)};
}

function refuse(rule: Refusal, namespace?: OwnedNamespace, role?: Role): Refused {
  return {allowed: false, rule, ...concerned(namespace, role)};
}

function concerned(
  namespace: OwnedNamespace | undefined,
  role: Role | undefined,
): Pick<Verdict, 'namespace' | 'visibility' | 'team' | 'role'> {
  return {
    ...(namespace && {
      namespace: namespace.name,
      visibility: namespace.visibility,
      team: namespace.teamName,
    }),
    ...(role && {role}),
  };
}
