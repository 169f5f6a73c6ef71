/** Who gives a command: the user of the system. */
import {userInfo} from 'node:os';
import type {Actor} from '../auth/administration/actor.ts';
import {errorCode} from '../host/error-code.ts';

export function systemUser(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (errorCode(error) !== 'ERR_SYSTEM_ERROR') throw error;
    // A user without a name, as in a container.
    return String(process.getuid?.() ?? '');
  }
}

/** Where no server is asked. */
export const operatorHere = (): Actor => ({
  kind: 'operator',
  name: systemUser(),
  origin: {credential: {kind: 'command'}},
});
