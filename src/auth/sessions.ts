/** Sign-ins with a browser: begun by a login, kept by a cookie, and over as soon as the account is not what it was. */
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import {createSession, deleteSession, findSession, recordSessionUse} from '../metadata/sessions.ts';
import {listMembershipsOf, type Membership} from '../metadata/memberships.ts';
import {findUser, type User} from '../metadata/users.ts';
import {accountOf} from './account-source.ts';
import type {Account} from './caller.ts';
import {createSecretToken, readSecretToken, secretMatches} from './secret-token.ts';

interface SessionsOptions {
  readonly db: Database['db'];
  /** In milliseconds without a use. */
  readonly expiresIn: number;
  readonly now: Clock;
}

/** In milliseconds, however much it is used. */
const longest = 7 * 86_400_000;

export interface WebSession {
  readonly account: Account;
  readonly user: User;
  readonly expiresAt: number;
}

export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** The secret that the cookie keeps. `undefined`: the account was changed since the login. Durable when it resolves. */
  async begin({
    id: userId,
    generation,
  }: Pick<Account, 'id' | 'generation'>): Promise<string | undefined> {
    const {db, expiresIn, now} = this.#options;
    const user = await findUser(db, userId);
    if (user?.isEnabled !== true || user.generation !== generation) return undefined;
    const {id, hash, text} = createSecretToken('session');
    const time = now().getTime();
    const isKept = await createSession(db, {
      id,
      hash,
      userId,
      generation,
      provider: user.provider,
      now: time,
      expiresAt: time + Math.min(expiresIn, longest),
    });
    return isKept ? text : undefined;
  }

  /** Another one for whoever has just changed something that ended his own with all others. `undefined`: something else was changed, too. */
  async renew({user: former}: WebSession): Promise<string | undefined> {
    const user = await findUser(this.#options.db, former.id);
    const isOwnChange = user !== undefined && user.generation - former.generation <= 1;
    return isOwnChange ? this.begin(user) : undefined;
  }

  /** Whose it is. `undefined`: it counts for nothing. */
  async find(text: string): Promise<WebSession | undefined> {
    const {db, expiresIn, now} = this.#options;
    const name = readSecretToken(text);
    if (name?.kind !== 'session') return undefined;
    const time = now().getTime();
    const found = await findSession(db, {id: name.id, now: time});
    if (!found || !secretMatches(text, found.hash)) return undefined;
    const {id, userId, generation, createdAt} = found.session;
    const user = await findUser(db, userId);
    if (user?.isEnabled !== true || user.generation !== generation) return undefined;
    const expiresAt = Math.min(time + expiresIn, createdAt + longest);
    await recordSessionUse(db, {id, now: time, expiresAt});
    return {account: accountOf(user), user, expiresAt};
  }

  /** The teams that he is in, without that of himself alone. */
  async teamsOf({user}: WebSession): Promise<readonly Membership[]> {
    const memberships = await listMembershipsOf(this.#options.db, user.id);
    return memberships.filter(({isPersonal}) => !isPersonal);
  }

  async end(text: string): Promise<void> {
    const {db, now} = this.#options;
    const name = readSecretToken(text);
    if (name?.kind !== 'session') return;
    const found = await findSession(db, {id: name.id, now: now().getTime()});
    if (found && secretMatches(text, found.hash)) await deleteSession(db, name.id);
  }
}
