/** What an operator does so that somebody may what he may not. */
import {quoted} from '../config/tree-check.ts';
import {namespaceToCreate} from '../oci/owning-namespace.ts';
import type {Caller} from './caller.ts';
import type {Reason} from './reason.ts';

/** `undefined`: it is allowed, or nothing that is done here would allow it. */
export function adviceFor(caller: Caller, reason: Reason): string | undefined {
  const {rule, name, about, namespace, team = '', needs = 'viewer'} = reason;
  const who = caller.kind === 'anonymous' ? '' : caller.name;
  switch (rule) {
    case 'no-namespace':
    case 'name-of-another':
    case 'repositories-without-namespace': {
      const missing = namespace ?? namespaceToCreate(name);
      return missing === undefined
        ? undefined
        : `make it: holdfast namespace create ${missing} --team TEAM`;
    }
    case 'not-a-member':
      return `make ${who} a member: holdfast team add-member ${quoted(team)} ${who} --role ${needs}`;
    case 'role-too-low':
      return `give ${who} that role: holdfast team set-role ${quoted(team)} ${who} --role ${needs}`;
    case 'no-account':
      return about === 'pull' && namespace !== undefined && reason.visibility !== 'public'
        ? `let everybody pull from it: holdfast namespace set-visibility ${namespace === '' ? '/' : namespace} public`
        : undefined;
    case 'policy-own-name':
    case 'policy-admins-push':
      return 'set namespaces.push to members in the configuration, for all';
    case 'name-rule-forbids':
    case 'no-name-rule':
      return 'write a rule that allows it into namespaces.rules, before the one that decides';
    default:
      return undefined;
  }
}
