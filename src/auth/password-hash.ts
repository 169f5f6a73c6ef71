/** Passwords are kept as argon2id hashes, in PHC format; those that were taken from elsewhere as bcrypt's, until their owner logs in. */
import {randomBytes} from 'node:crypto';
import {hash as argon2, verify as argon2Verify} from '@node-rs/argon2';
import {isUsableBcrypt} from '../metadata/bcrypt-form.ts';
import {BcryptThread} from './bcrypt-thread.ts';
import {Gate} from './gate.ts';
import {isCheckable} from './password-rules.ts';

/** What OWASP asks for: 19 MiB, twice over, one thread. argon2id and 32 bytes are the library's own choice. */
const cost = {memoryCost: 19_456, timeCost: 2, parallelism: 1};
const ours = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;

/** What a hash from elsewhere may cost at most, as one that was put into the database by hand. */
const most = {memoryCost: 262_144, timeCost: 16, parallelism: 16};

/** Whether a hash is weaker than those of today. A stronger one stays: another version may have made it. */
export function needsRehash(stored: string): boolean {
  const parameters = parametersOf(stored);
  if (parameters?.type !== 'id') return true;
  return parameters.memoryCost < cost.memoryCost || parameters.timeCost < cost.timeCost;
}

export class PasswordHasher {
  // Each takes 19 MiB and a thread of libuv's, of which the disk needs the others.
  readonly #gate = new Gate({running: 4, waiting: 512});
  readonly #bcrypt: BcryptThread;
  /** Nobody has the password: its hash is chance. */
  readonly #standIn = `${ours}${base64(16)}$${base64(32)}`;

  /** Whoever has made the thread closes it. */
  constructor(bcrypt = new BcryptThread()) {
    this.#bcrypt = bcrypt;
  }

  /** The password must be one that can be set (password-rules.ts). Rejects with BusyError. */
  hash(password: string, signal?: AbortSignal): Promise<string> {
    return this.#gate.run(() => argon2(password, cost), signal);
  }

  /**
   * Without a hash it takes as long, and answers false. Rejects where the hash is none of argon2 or bcrypt, or too costly, and with BusyError: never
   * because of the password.
   */
  async verify(
    stored: string | undefined,
    password: string,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (!isCheckable(password)) return false;
    if (stored !== undefined && isUsableBcrypt(stored)) {
      return this.#bcrypt.compare(password, stored, signal);
    }
    const usable = requireUsable(stored ?? this.#standIn);
    const matches = await this.#gate.run(() => argon2Verify(usable, password), signal);
    return stored !== undefined && matches;
  }
}

function requireUsable(stored: string): string {
  const parameters = parametersOf(stored);
  // Neither error has the hash in it: it would stand in the log.
  if (!parameters) throw new Error('a stored password hash is none of argon2 or bcrypt');
  const {memoryCost, timeCost, parallelism} = parameters;
  if (memoryCost > most.memoryCost || timeCost > most.timeCost || parallelism > most.parallelism) {
    throw new Error(`a stored password hash is too costly: m=${memoryCost},t=${timeCost}`);
  }
  return stored;
}

function parametersOf(stored: string) {
  const match = /^\$argon2(id|i|d)\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$/.exec(stored);
  if (!match) return undefined;
  const [memoryCost = 0, timeCost = 0, parallelism = 0] = match.slice(2).map(Number);
  return {type: match[1], memoryCost, timeCost, parallelism};
}

const base64 = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
