/** Which passwords can be set, and which are worth a check. */
import {looksLikeSecretToken} from './secret-token.ts';

/** In characters, when a password is set. */
const shortest = 8;
const longest = 128;
/** In bytes, when one is checked. */
const mostChecked = 4096;

/** Why a password can't be set, as what follows `the password `; `undefined`: it can. */
export function passwordFault(password: string): string | undefined {
  // Code points: what its owner counts.
  const {length} = Array.from(password);
  if (length < shortest || length > longest) {
    return `must have ${shortest} to ${longest} characters, and has ${length}`;
  }
  if (!password.isWellFormed()) return 'must be Unicode text';
  // RFC 7617 has no way to send one.
  if (/\p{Cc}/u.test(password)) return 'must have no control characters, such as a line break';
  if (looksLikeSecretToken(password)) return 'must not begin as tokens of this registry do';
  return undefined;
}

/**
 * Whether any account may have this password. Never: an empty one (a directory takes it for no login at all, and says yes), one with a
 * NUL (bcrypt repeats the password with a NUL between, so that `a` and `a NUL a` are one), half a character, more than 4 KiB.
 */
export const isCheckable = (password: string): boolean =>
  password !== '' &&
  !password.includes('\0') &&
  password.isWellFormed() &&
  Buffer.byteLength(password) <= mostChecked;
