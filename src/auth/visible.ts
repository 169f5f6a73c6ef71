/** Which repositories of a list a caller may see: those that he may pull. */
import type {RepositoryName} from '../oci/name.ts';
import type {Caller} from './caller.ts';
import type {OwnedNamespace} from '../metadata/access-facts.ts';
import type {Facts} from './facts.ts';
import {judgeNames} from './name-policy.ts';
import {namespaceFinder} from './namespace-tree.ts';
import {liesIn} from '../oci/owning-namespace.ts';
import {isRuler} from './repository-rights.ts';

/** `none`: whoever knows that need not look. */
export type Visible =
  | 'none'
  | {
      readonly has: (name: RepositoryName) => boolean;
      /** Outside of these namespaces there is nothing to see; absent: there may be everywhere. */
      readonly namespaces: readonly string[] | undefined;
    };

/** Whoever may see everything, as far as what he has logged in with goes; nobody needs to ask for facts then. */
export function visibleToRuler(caller: Caller): Visible | undefined {
  if (caller.kind !== 'account' || !isRuler(caller)) return undefined;
  return {has: withinLimits(caller), namespaces: caller.limits?.namespaces};
}

/**
 * `facts` has all namespaces, or at least those that the names in question may lie in. Agrees with `decide()` on pull, with one exception: whoever
 * may make a namespace by pushing may pull from it before that, yet what may lie there without a namespace is listed to admins alone.
 */
export function visibleTo(
  facts: Facts,
  caller: Caller,
  /** Of `facts.namespaces`, where it was made before. */
  ownerOf = namespaceFinder(facts.namespaces),
): Visible {
  const everything = visibleToRuler(caller);
  if (everything) return everything;
  const isWithinLimits = withinLimits(caller);
  const {rules} = facts.policy;
  if (rules) {
    if (caller.kind === 'anonymous') return 'none';
    const has = (name: RepositoryName): boolean =>
      isWithinLimits(name) && judgeNames(rules, caller, name, 'pull')?.allowed === true;
    return {has, namespaces: caller.limits?.namespaces};
  }

  const namespaces = [...facts.namespaces.values()]
    .filter((namespace) => maySee(facts, caller, namespace))
    .map(({name}) => name);
  if (namespaces.length === 0) return 'none';
  const has = (name: RepositoryName): boolean => {
    const namespace = ownerOf(name);
    return namespace !== undefined && maySee(facts, caller, namespace) && isWithinLimits(name);
  };
  return {has, namespaces};
}

function withinLimits(caller: Caller): (name: RepositoryName) => boolean {
  const limits = caller.kind === 'account' ? caller.limits?.namespaces : undefined;
  return limits ? (name) => limits.some((each) => liesIn(each, name)) : () => true;
}

function maySee({policy, roles}: Facts, caller: Caller, namespace: OwnedNamespace): boolean {
  if (caller.kind === 'anonymous') return policy.anonymous && namespace.visibility === 'public';
  return namespace.visibility !== 'private' || roles.has(namespace.teamId);
}
