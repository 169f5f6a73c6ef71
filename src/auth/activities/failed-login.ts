/** A login that was refused, as it is written down: of what was given as a name, what can be one. */
import {isPossibleName} from '../possible-name.ts';
import {looksLikeSecretToken} from '../secret-token.ts';
import type {Noted} from './notes.ts';

/** Some put a token where the name belongs. */
const shown = (username: string): string =>
  isPossibleName(username) && !looksLikeSecretToken(username) ? username.slice(0, 128) : '';

export function failedLogin(
  {username, address}: {readonly username: string; readonly address: string},
  reason: string,
): Noted {
  const name = shown(username);
  return {
    key: 'login.failed',
    actor: {kind: 'anonymous', name: ''},
    subject: {kind: 'user', name},
    accountName: name,
    address,
    parameters: {reason},
    outcome: 'failed',
  };
}
