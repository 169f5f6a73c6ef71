/** A scope that was asked for in vain, as it is written down: for admins, and for whoever asked. */
import type {Caller} from '../caller.ts';
import type {Reason} from '../reason.ts';
import type {Noted} from './notes.ts';
import {doerOf, type Origin} from './origin.ts';

export const deniedAccess = (
  caller: Caller,
  {type, name, action, rule}: Pick<Reason, 'type' | 'name' | 'action' | 'rule'>,
  origin: Origin,
): Noted => ({
  ...origin,
  key: 'access.denied',
  actor: doerOf(caller),
  subject: {kind: type, name},
  ...(type === 'repository' ? {repository: name} : {}),
  parameters: {action, rule},
  outcome: 'denied',
});
