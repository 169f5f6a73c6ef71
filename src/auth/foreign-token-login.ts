/**
 * Application tokens that were taken from another program, as passwords. They are told from passwords by their form alone, so each is compared
 * as a password is: under the throttle, and before any provider sees it, which would count it as a wrong guess.
 */
import type {Database} from '../metadata/database.ts';
import {findTokenByHash, keepTokenHash, listForeignTokens} from '../metadata/foreign-tokens.ts';
import type {ApplicationToken} from '../metadata/application-tokens.ts';
import {findUserByName, type User} from '../metadata/users.ts';
import {accountOf, limitsOf} from './account-source.ts';
import type {BcryptThread} from './bcrypt-thread.ts';
import type {Credentials} from './ports.ts';
import type {Checked} from './provider-chain.ts';
import {hashSecret} from './secret-token.ts';

type Db = Database['db'];

/** Portus makes twenty random characters of base64url; whatever has another form is nobody's token. */
const form = /^[A-Za-z0-9_-]{20,64}$/;

/** `undefined`: it is none, and may be a password. */
export type FindForeignLogin = (
  credentials: Credentials,
  now: number,
  signal: AbortSignal,
) => Promise<Checked | undefined>;

export class ForeignTokens {
  readonly #db: Db;
  readonly #bcrypt: Pick<BcryptThread, 'compare'>;

  constructor(db: Db, bcrypt: Pick<BcryptThread, 'compare'>) {
    this.#db = db;
    this.#bcrypt = bcrypt;
  }

  readonly login: FindForeignLogin = async ({username, password}, now, signal) => {
    if (!form.test(password)) return undefined;
    const user = await findUserByName(this.#db, username);
    // A database may compare names without their case.
    if (user?.name !== username) return undefined;
    const token = await this.#find(user, password, signal);
    if (!token) return undefined;
    if (!user.isEnabled) return {outcome: 'refused', reason: 'disabled'};
    const {expiresAt} = token;
    if (expiresAt !== undefined && expiresAt <= now) {
      return {outcome: 'refused', reason: 'expired-token'};
    }
    const account = accountOf(user, limitsOf(token));
    const more = expiresAt === undefined ? {} : {expiresAt};
    return {outcome: 'verified', verified: {account, applicationTokenId: token.id, ...more}};
  };

  async #find(
    {id: userId}: User,
    password: string,
    signal: AbortSignal,
  ): Promise<ApplicationToken | undefined> {
    const hash = hashSecret(password);
    const known = await findTokenByHash(this.#db, {userId, hash});
    if (known) return known;
    for (const {token, hash: former} of await listForeignTokens(this.#db, userId)) {
      if (!(await this.#bcrypt.compare(password, former, signal))) continue;
      // Its 120 random bits need no slow hash: from now on it costs as little as one of ours.
      await keepTokenHash(this.#db, {id: token.id, former, hash});
      return token;
    }
    return undefined;
  }
}
