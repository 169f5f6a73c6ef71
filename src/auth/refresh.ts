/** Refresh tokens: issued once, and taken for a login as long as they are used and nothing has ended them. */
import type {Clock} from '../host/clock.ts';
import {findApplicationToken} from '../metadata/application-tokens.ts';
import type {Database} from '../metadata/database.ts';
import {
  createRefreshToken,
  findRefreshToken,
  recordRefreshTokenUse,
} from '../metadata/refresh-tokens.ts';
import {findUser} from '../metadata/users.ts';
import {accountOf, limitsOf} from './account-source.ts';
import type {AcceptedLogin} from './login.ts';
import {createSecretToken, readSecretToken, secretMatches} from './secret-token.ts';

interface RefreshOptions {
  readonly db: Database['db'];
  /** In milliseconds without a use. */
  readonly expiresIn: number;
  /** The names of this registry, of before too: what was issued for one counts for all. */
  readonly ownServices: readonly string[];
  readonly now: Clock;
}

export class RefreshTokens {
  readonly #options: RefreshOptions;

  constructor(options: RefreshOptions) {
    this.#options = options;
  }

  /** Durable when it resolves. `undefined`: the account, or the application token, is gone meanwhile. */
  async issue(
    {account, applicationTokenId}: AcceptedLogin,
    {service, clientId}: {readonly service: string; readonly clientId: string},
  ): Promise<string | undefined> {
    const {db, expiresIn, now} = this.#options;
    const {id, hash, text} = createSecretToken('refresh');
    const time = now().getTime();
    const isKept = await createRefreshToken(db, {
      id,
      hash,
      userId: account.id,
      service,
      clientId,
      generation: account.generation,
      applicationTokenId,
      now: time,
      expiresAt: time + expiresIn,
    });
    return isKept ? text : undefined;
  }

  /** Whose it is, with the limits of the application token it was obtained by. `undefined`: it counts for nothing here. */
  async login(text: string, service: string): Promise<AcceptedLogin | undefined> {
    const {db, expiresIn, now} = this.#options;
    const name = readSecretToken(text);
    if (name?.kind !== 'refresh') return undefined;
    const time = now().getTime();
    const found = await findRefreshToken(db, {id: name.id, now: time});
    if (!found || !secretMatches(text, found.hash)) return undefined;
    const {id, userId, generation, applicationTokenId, ...token} = found.token;
    if (!this.#isSame(token.service, service)) return undefined;
    const user = await findUser(db, userId);
    if (user?.isEnabled !== true || user.generation !== generation) return undefined;
    const source =
      applicationTokenId === undefined ? 'password' : await this.#source(applicationTokenId, time);
    if (source === undefined) return undefined;
    await recordRefreshTokenUse(db, {id, now: time, expiresAt: time + expiresIn});
    const limits = source === 'password' ? undefined : limitsOf(source);
    return {
      outcome: 'accepted',
      account: accountOf(user, limits),
      ...(source === 'password' || source.expiresAt === undefined
        ? {}
        : {expiresAt: source.expiresAt}),
      ...(applicationTokenId === undefined ? {} : {applicationTokenId}),
    };
  }

  #isSame(one: string, other: string): boolean {
    const {ownServices} = this.#options;
    return one === other || (ownServices.includes(one) && ownServices.includes(other));
  }

  async #source(id: string, time: number) {
    const token = (await findApplicationToken(this.#options.db, id))?.token;
    return token?.expiresAt !== undefined && token.expiresAt <= time ? undefined : token;
  }
}
