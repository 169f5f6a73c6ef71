/** Accounts whose password this registry keeps itself. */
import type {User, UserWithPassword} from '../../metadata/users.ts';
import type {AuthLog} from '../log.ts';
import {needsRehash, type PasswordHasher} from '../password-hash.ts';
import type {Credentials, LoginResult, PasswordProvider} from '../ports.ts';

const id = 'local';

interface LocalOptions {
  readonly findByName: (name: string) => Promise<UserWithPassword | undefined>;
  readonly hasher: PasswordHasher;
  readonly log: AuthLog;
  /** Keeps a hash with the parameters of today; must not touch a password that was changed meanwhile: `former` has to be there still. */
  readonly keepHash?: (
    user: User,
    hashes: {readonly former: string; readonly next: string},
  ) => Promise<void>;
}

export class LocalProvider implements PasswordProvider {
  readonly id = id;
  readonly displayName = 'Holdfast';
  readonly #options: LocalOptions;

  constructor(options: LocalOptions) {
    this.#options = options;
  }

  async login({username, password}: Credentials, signal: AbortSignal): Promise<LoginResult> {
    const {findByName, hasher} = this.#options;
    const {user, passwordHash} = (await findByName(username)) ?? {};
    // A database may compare names without their case.
    const own = user?.provider === id && user.name === username ? user : undefined;
    // Robots log in with application tokens alone, whatever the table says.
    const stored = own?.isRobot === false ? passwordHash : undefined;
    const matches = await hasher.verify(stored, password, signal);
    if (own === undefined) return {outcome: 'not-accepted'};
    if (stored === undefined || !matches) return {outcome: 'rejected', reason: 'bad-credentials'};
    if (!own.isEnabled) return {outcome: 'rejected', reason: 'disabled'};
    if (needsRehash(stored)) await this.#rehash(own, stored, password);
    const {subject, name, displayName, email, generation} = own;
    return {
      outcome: 'accepted',
      identity: {
        provider: id,
        subject,
        username: name,
        ...(displayName === undefined ? {} : {displayName}),
        ...(email === undefined ? {} : {email}),
        generation,
      },
    };
  }

  async pretend({password}: Credentials, signal: AbortSignal): Promise<void> {
    await this.#options.hasher.verify(undefined, password, signal);
  }

  /** Asks for somebody: the database answers or rejects. */
  async check(_signal: AbortSignal): Promise<void> {
    await this.#options.findByName('admin');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A login doesn't fail for it: the next one tries again. */
  async #rehash(user: User, former: string, password: string): Promise<void> {
    const {hasher, keepHash, log} = this.#options;
    if (keepHash === undefined) return;
    try {
      await keepHash(user, {former, next: await hasher.hash(password)});
    } catch (error) {
      log.warn({err: error, username: user.name}, 'password hash not renewed');
    }
  }
}
