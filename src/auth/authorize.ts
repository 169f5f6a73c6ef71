/** Who may do what: one pure function, which says why. */
import {isRepositoryName} from '../oci/name.ts';
import type {Scope} from '../oci/scope.ts';
import type {Caller} from './caller.ts';
import type {Facts} from './facts.ts';
import type {Reason, Refusal, Verdict} from './reason.ts';
import {
  isRuler,
  judgeRepository,
  type RepositoryAction,
  repositoryActions,
} from './repository-rights.ts';

export interface Decision {
  /** What of the request is granted; a type and name of which nothing is has no scope here. */
  readonly granted: readonly Scope[];
  /** One for every type, name and action that was asked for. */
  readonly reasons: readonly Reason[];
  /** Namespaces to be made, private and the caller's, before what was granted is pushed. */
  readonly creates: readonly string[];
}

/** Who takes requests from outside refuses one of more scopes than this. */
export const mostScopes = 100;

/** `*` stands for all three actions: it is granted where all of them are, else as those of them that are allowed. */
export const everyAction = '*';

interface Answer {
  readonly granted: readonly string[];
  readonly verdict: Verdict;
  readonly about: string;
  readonly creates: readonly string[];
}

/** No scope depends on another, no action on another: what is asked for together is granted as if asked for one by one. */
export function decide(facts: Facts, caller: Caller, requested: readonly Scope[]): Decision {
  const granted: Scope[] = [];
  const reasons: Reason[] = [];
  const creates = new Set<string>();
  for (const {type, name, actions} of merge(requested)) {
    const answers = actions.map((action) => {
      const answer = judge(facts, caller, {type, name}, action);
      reasons.push({...answer.verdict, type, name, action, about: answer.about});
      for (const namespace of answer.creates) creates.add(namespace);
      return answer.granted;
    });
    const allowed = [...new Set(answers.flat())];
    if (allowed.length > 0) granted.push({type, name, actions: allowed});
  }
  return {granted, reasons, creates: [...creates]};
}

/** A type and name that was asked for twice stands once. */
function merge(requested: readonly Scope[]): readonly Scope[] {
  const merged = new Map<string, Scope>();
  for (const {type, name, actions} of requested) {
    const key = JSON.stringify([type, name]);
    const before = merged.get(key)?.actions ?? [];
    merged.set(key, {type, name, actions: [...new Set([...before, ...actions])]});
  }
  return [...merged.values()];
}

function judge(
  facts: Facts,
  caller: Caller,
  {type, name}: Pick<Scope, 'type' | 'name'>,
  action: string,
): Answer {
  if (type === 'registry') return single(judgeRegistry(facts, caller, name, action), action);
  if (type !== 'repository') return single(refusal('unknown-type'), action);
  if (!isRepositoryName(name)) return single(refusal('invalid-name'), action);
  if (action === everyAction) return judgeEvery(facts, caller, name);
  if (!isRepositoryAction(action)) return single(refusal('unknown-action'), action);
  return single(judgeRepository(facts, caller, name, action), action);
}

function single(verdict: Verdict, action: string): Answer {
  const {allowed, rule, namespace} = verdict;
  const isMade = action === 'push' && rule === 'may-create' && namespace !== undefined;
  return {
    granted: allowed ? [action] : [],
    verdict,
    about: action,
    creates: isMade ? [namespace] : [],
  };
}

function judgeEvery(facts: Facts, caller: Caller, name: string): Answer {
  const answerTo = (action: RepositoryAction): Answer =>
    single(judgeRepository(facts, caller, name, action), action);
  const push = answerTo('push');
  const answers = repositoryActions.map((action) => (action === 'push' ? push : answerTo(action)));
  const refused = answers.find(({verdict}) => !verdict.allowed);
  const granted = refused ? answers.flatMap((each) => each.granted) : [everyAction];
  // Where all is allowed, that of the push says most: it may make a namespace.
  return {...(refused ?? push), granted, creates: push.creates};
}

/** `registry:catalog:*`, the list of all repositories. */
function judgeRegistry(facts: Facts, caller: Caller, name: string, action: string): Verdict {
  if (name !== 'catalog') return refusal('unknown-name');
  if (action !== everyAction) return refusal('unknown-action');
  if (caller.kind === 'anonymous') {
    const isOpen = facts.isOwnService && facts.policy.anonymous;
    return isOpen ? {allowed: true, rule: 'filtered-list'} : refusal('no-account');
  }
  if (facts.isOwnService) return {allowed: true, rule: 'filtered-list'};
  if (!isRuler(caller)) return refusal('unfiltered-list');
  return caller.limits?.namespaces ? refusal('token-namespaces') : {allowed: true, rule: 'admin'};
}

function refusal(rule: Refusal): Verdict {
  return {allowed: false, rule};
}

function isRepositoryAction(action: string): action is RepositoryAction {
  return repositoryActions.some((known) => known === action);
}
