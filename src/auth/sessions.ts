/** Sign-ins with a browser: begun by a login, kept by a cookie, and over as soon as the account is not what it was. */
import type {Clock} from '../host/clock.ts';
import {insertActivities} from '../metadata/activities.ts';
import type {Database} from '../metadata/database.ts';
import {
  createSession,
  deleteSession,
  findSession,
  recordSessionUse,
  type Session,
} from '../metadata/sessions.ts';
import {listMembershipsOf, type Membership} from '../metadata/memberships.ts';
import {findUser, type User} from '../metadata/users.ts';
import {transact} from '../metadata/transact.ts';
import {accountOf} from './account-source.ts';
import {type Origin, ofOwn} from './activities/origin.ts';
import type {Account} from './caller.ts';
import {createSecretToken, readSecretToken, secretMatches} from './secret-token.ts';

interface SessionsOptions {
  readonly db: Database['db'];
  /** In milliseconds without a use. */
  readonly expiresIn: number;
  /** In milliseconds, of those that the browser keeps; 0: none are kept. */
  readonly rememberFor: number;
  readonly now: Clock;
}

/** In milliseconds, however much it is used. */
const longest = 7 * 86_400_000;

/** The browser of whoever signs in. */
export interface Browser {
  readonly userAgent?: string | undefined;
  /** He wants it to be kept when the browser is closed. */
  readonly isRemembered?: boolean | undefined;
}

/** What the cookie keeps, and for how long. */
export interface BegunSession {
  readonly text: string;
  /** In milliseconds; absent: as long as the browser is open. */
  readonly keepFor?: number;
}

export interface WebSession {
  readonly id: string;
  readonly isRemembered: boolean;
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
  async begin(
    {id: userId, generation}: Pick<Account, 'id' | 'generation'>,
    origin: Origin,
    {userAgent, isRemembered: isWanted = false}: Browser = {},
  ): Promise<BegunSession | undefined> {
    const {db, rememberFor, now} = this.#options;
    const isRemembered = isWanted && rememberFor > 0;
    const user = await findUser(db, userId);
    if (user?.isEnabled !== true || user.generation !== generation) return undefined;
    const {id, hash, text} = createSecretToken('session');
    const time = now().getTime();
    const isKept = await transact(db, async (turn) => {
      const isThere = await createSession(turn, {
        id,
        hash,
        userId,
        generation,
        provider: user.provider,
        now: time,
        expiresAt: this.#end({createdAt: time, isRemembered}, time),
        address: origin.address,
        userAgent: shownAgent(userAgent),
        isRemembered,
      });
      const begun = ofOwn(accountOf(user), {at: time, key: 'session.begin', origin});
      if (isThere) await insertActivities(turn, [begun]);
      return isThere;
    });
    if (!isKept) return undefined;
    return {text, ...(isRemembered ? {keepFor: rememberFor} : {})};
  }

  /** What is remembered ends by its age alone, so that the cookie ends with it. */
  #end({createdAt, isRemembered}: Pick<Session, 'createdAt' | 'isRemembered'>, time: number) {
    const {expiresIn, rememberFor} = this.#options;
    return isRemembered ? createdAt + rememberFor : Math.min(time + expiresIn, createdAt + longest);
  }

  /** Another one for whoever has just changed something that ended his own with all others. `undefined`: something else was changed, too. */
  async renew(
    {user: former, isRemembered}: WebSession,
    origin: Origin,
    browser: Browser,
  ): Promise<BegunSession | undefined> {
    const user = await findUser(this.#options.db, former.id);
    const isOwnChange = user !== undefined && user.generation - former.generation <= 1;
    return isOwnChange ? this.begin(user, origin, {...browser, isRemembered}) : undefined;
  }

  /** Whose it is. `undefined`: it counts for nothing. */
  async find(text: string): Promise<WebSession | undefined> {
    const {db, now} = this.#options;
    const name = readSecretToken(text);
    if (name?.kind !== 'session') return undefined;
    const time = now().getTime();
    const found = await findSession(db, {id: name.id, now: time});
    if (!found || !secretMatches(text, found.hash)) return undefined;
    const {id, userId, generation, isRemembered} = found.session;
    const user = await findUser(db, userId);
    if (user?.isEnabled !== true || user.generation !== generation) return undefined;
    const expiresAt = this.#end(found.session, time);
    if (expiresAt <= time) return undefined;
    await recordSessionUse(db, {id, now: time, expiresAt});
    return {id, isRemembered, account: accountOf(user), user, expiresAt};
  }

  /** Whether it still counts; to ask is no use of it. Whether the account does is another question. */
  async isAlive(text: string): Promise<boolean> {
    const {db, now} = this.#options;
    const name = readSecretToken(text);
    return (
      name?.kind === 'session' &&
      (await findSession(db, {id: name.id, now: now().getTime()})) !== undefined
    );
  }

  /** The teams that he is in, without that of himself alone. */
  async teamsOf({user}: WebSession): Promise<readonly Membership[]> {
    const memberships = await listMembershipsOf(this.#options.db, user.id);
    return memberships.filter(({isPersonal}) => !isPersonal);
  }

  async end(text: string, origin: Origin): Promise<void> {
    const {db, now} = this.#options;
    const name = readSecretToken(text);
    if (name?.kind !== 'session') return;
    const at = now().getTime();
    const found = await findSession(db, {id: name.id, now: at});
    if (!found || !secretMatches(text, found.hash)) return;
    await transact(db, async (turn) => {
      const user = await findUser(turn, found.session.userId);
      await deleteSession(turn, name.id);
      if (!user) return;
      await insertActivities(turn, [ofOwn(accountOf(user), {at, key: 'session.end', origin})]);
    });
  }
}

/** In characters: what browsers say of themselves is longer than anybody reads. */
const longestAgent = 200;

/** Without what is no plain text; `undefined`: nothing was said. */
function shownAgent(text: string | undefined): string | undefined {
  const shown = text?.replaceAll(/[^\x20-\x7e]/g, '').slice(0, longestAgent);
  return shown === '' ? undefined : shown;
}
