/** Whether somebody may ask an endpoint at all. */
import type {Account} from '../../auth/caller.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';
import type {Endpoint} from './endpoint.ts';

type Rule = Pick<Endpoint, 'who' | 'method' | 'limited'>;

/** Throws an ApiError `denied`, or what `logIn` makes where an account is needed. */
export function requireWho(rule: Rule, {caller, isWhole}: Asker, logIn: () => ApiError): void {
  if (caller.kind === 'anonymous') {
    if (rule.who === 'everybody' || rule.who === 'anonymous') return;
    throw logIn();
  }
  const denial = denialOf(rule, caller, isWhole);
  if (denial !== undefined) throw new ApiError('denied', denial);
}

function denialOf(rule: Rule, account: Account, isWhole: boolean): string | undefined {
  const {who, method, limited = false} = rule;
  const {isAdmin, isRobot, limits} = account;
  if ((who === 'person' || who === 'admin') && !isWhole) {
    return isRobot
      ? 'robots may not do that; ask as a person'
      : 'this token is limited, and may not do that; use one without limits';
  }
  if (who === 'admin' && !isAdmin) return 'only an admin may do that';
  if (method !== 'get' && limits?.isPullOnly === true) {
    return 'this token may only read; use one that is not limited to pulls';
  }
  if (!limited && limits?.namespaces) {
    return 'this token is limited to namespaces, and this is about more than these';
  }
  if (!limited && method !== 'get' && limits?.teams) {
    return 'this credential has a part of the rights of its account, and may not do that';
  }
  return undefined;
}
