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

/**
 * `facts` has all namespaces. Agrees with `decide()` on pull, with one exception: whoever may make a namespace by pushing may pull from
 * it before that, yet what may lie there without a namespace is listed to admins alone.
 */
export function visibleTo(facts: Facts, caller: Caller): Visible {
  const limits = caller.kind === 'account' ? caller.limits?.namespaces : undefined;
  const isWithinLimits = limits
    ? (name: RepositoryName) => limits.some((each) => liesIn(each, name))
    : () => true;
  if (caller.kind === 'account' && isRuler(caller))
    return {has: isWithinLimits, namespaces: limits};

  const {rules} = facts.policy;
  if (rules) {
    if (caller.kind === 'anonymous') return 'none';
    const has = (name: RepositoryName): boolean =>
      isWithinLimits(name) && judgeNames(rules, caller, name, 'pull')?.allowed === true;
    return {has, namespaces: limits};
  }

  // One look at each namespace instead of one for each name.
  const seen = [...facts.namespaces].map(
    ([name, namespace]) => [name, maySee(facts, caller, namespace)] as const,
  );
  const namespaces = seen.flatMap(([name, isSeen]) => (isSeen ? [name] : []));
  if (namespaces.length === 0) return 'none';
  const isVisible = namespaceFinder(seen);
  return {has: (name) => isVisible(name) === true && isWithinLimits(name), namespaces};
}

function maySee({policy, roles}: Facts, caller: Caller, namespace: OwnedNamespace): boolean {
  if (caller.kind === 'anonymous') return policy.anonymous && namespace.visibility === 'public';
  return namespace.visibility !== 'private' || roles.has(namespace.teamId);
}
