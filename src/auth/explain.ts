/** Reasons as sentences: whole for an operator, and for the caller himself without what he must not know. */
import type {Caller} from './caller.ts';
import type {Permission, Reason, Refusal} from './reason.ts';

/** For an operator: names the namespace, the team and the role that decided. */
export function explain(caller: Caller, reason: Reason): string {
  return sentence(caller, reason, tails[reason.rule](caller, reason));
}

/**
 * For the caller who was refused. A private namespace of others and one that does not exist sound the same, and to callers without an
 * account all sounds the same.
 */
export function refusalDetail(caller: Caller, reason: Reason): string {
  return sentence(caller, reason, ownTail(caller, reason));
}

type Tail = (caller: Caller, reason: Reason) => string;

function ownTail(caller: Caller, reason: Reason): string {
  switch (reason.rule) {
    case 'no-account':
      return 'an account is needed for that, so log in';
    case 'no-namespace':
    case 'name-of-another':
    case 'repositories-without-namespace':
      return hidden;
    case 'not-a-member':
      return reason.visibility === 'private'
        ? hidden
        : `only members of its team may, and the ${namespaceOf(reason)} is ${reason.visibility ?? ''}`;
    default:
      return tails[reason.rule](caller, reason);
  }
}

const hidden = 'there is no namespace for it, or it is private to a team of others';

/** Names nothing that was not parsed before: an unknown word may be anything. */
const tails: Readonly<Record<Permission | Refusal, Tail>> = {
  admin: () => 'admins may',
  'own-namespace': (caller, reason) => `the ${namespaceOf(reason)} is that of ${nameOf(caller)}`,
  'team-role': (_, reason) => `the ${belongsToTeam(reason)}, with the role ${reason.role ?? ''}`,
  public: (_, reason) => `the ${namespaceOf(reason)} is public`,
  protected: (_, reason) => `the ${namespaceOf(reason)} is protected, and every account may`,
  'may-create': (caller, reason) =>
    `the first push makes the ${namespaceOf(reason)}, which is then that of ${nameOf(caller)}`,
  'name-rule': (_, reason) => `the rule about ${reason.pattern ?? ''} says so`,
  'name-rule-forbids': (_, reason) => `the rule about ${reason.pattern ?? ''} forbids it`,
  'no-name-rule': () => 'no rule about names says so',
  'filtered-list': () => 'the list holds what the caller may pull',
  'no-account': (_, reason) => `an account is needed for that${whyNotAnonymous(reason)}`,
  'not-a-member': (caller, reason) =>
    `the ${namespaceOf(reason)} is ${reason.visibility ?? ''} and belongs to the team ${quote(reason.team)}, in which ${nameOf(caller)} is not`,
  'role-too-low': (_, reason) =>
    `the ${belongsToTeam(reason)}, where the role ${reason.role ?? ''} is less than ${reason.needs ?? ''}`,
  'no-namespace': () => 'there is no namespace for it, and a push would not make one',
  'name-of-another': (_, reason) =>
    `there is no namespace for it, and only the account ${reason.namespace ?? ''} may make that of its name`,
  'repositories-without-namespace': (_, reason) =>
    `there are repositories below ${reason.namespace ?? ''}/ without a namespace, and only admins may make it`,
  'policy-own-name': (caller) =>
    isRobot(caller)
      ? 'namespaces.push is own-name, and robots have no names to push below'
      : `namespaces.push is own-name, which is push below ${nameOf(caller)}/ alone`,
  'policy-admins-push': () => 'namespaces.push is admins, who push alone',
  'token-namespaces': () => 'the application token is limited to some namespaces, and not for that',
  'token-pull-only': () => 'the application token is limited to pull',
  'unfiltered-list': () => 'another registry lists all it has, so that only admins may',
  'invalid-name': () => 'this is no name of a repository',
  'unknown-name': () => 'of the registry there is the catalog alone',
  'unknown-action': () => 'there is no such action',
  'unknown-type': () => 'there are scopes of the types repository and registry alone',
};

function sentence(caller: Caller, reason: Reason, tail: string): string {
  const may = reason.allowed ? 'may' : 'may not';
  return `${whoOf(caller)} ${may} ${deedOf(reason)}: ${tail}`;
}

function whoOf(caller: Caller): string {
  if (caller.kind === 'anonymous') return 'a caller without an account';
  return isRobot(caller) ? `the robot ${caller.name}` : caller.name;
}

function isRobot(caller: Caller): boolean {
  return caller.kind === 'account' && caller.isRobot;
}

function nameOf(caller: Caller): string {
  return caller.kind === 'anonymous' ? 'nobody' : caller.name;
}

function deedOf({type, name, action, about, rule, allowed}: Reason): string {
  switch (rule) {
    case 'invalid-name':
    case 'unknown-name':
    case 'unknown-action':
    case 'unknown-type':
      return 'do that';
    default:
  }
  if (type === 'registry') return 'list all repositories';
  if (action === '*') {
    return allowed ? `do everything in ${name}` : `${deedIn(about, name)}, and so not everything`;
  }
  return deedIn(action, name);
}

function deedIn(action: string, name: string): string {
  return `${deeds[action] ?? action} ${name}`;
}

const deeds: Readonly<Record<string, string>> = {
  pull: 'pull from',
  push: 'push to',
  delete: 'delete in',
};

function namespaceOf({namespace}: Reason): string {
  return namespace === '' ? 'root namespace' : `namespace ${namespace ?? ''}`;
}

function belongsToTeam(reason: Reason): string {
  return `${namespaceOf(reason)} belongs to the team ${quote(reason.team)}`;
}

function whyNotAnonymous(reason: Reason): string {
  if (reason.namespace === undefined) return '';
  if (reason.visibility === 'public' && reason.about === 'pull') return ' (auth.anonymous is off)';
  return ` (the ${namespaceOf(reason)} is ${reason.visibility ?? ''})`;
}

/** Names of teams are free text. */
function quote(text: string | undefined): string {
  return JSON.stringify(text ?? '');
}
