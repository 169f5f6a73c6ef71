/** Names and passwords become accounts. */
import type {AccessMetrics} from '../observability/access-metrics.ts';
import type {Log} from '../observability/log.ts';
import type {ActivityNotes} from './activities/notes.ts';
import {failedLogin} from './activities/failed-login.ts';
import type {CredentialCache, Verified} from './credential-cache.ts';
import type {FindForeignLogin} from './foreign-token-login.ts';
import type {LoginThrottle, ThrottleRefusal} from './login-throttle.ts';
import {LoginUnavailable} from './login-unavailable.ts';
import {isCheckable} from './password-rules.ts';
import {isPossibleName} from './possible-name.ts';
import {available, type Checked, type ProviderChain} from './provider-chain.ts';
import {looksLikeSecretToken} from './secret-token.ts';
import {type FindToken, verifyToken} from './token-login.ts';
import type {Workloads} from './workloads.ts';

export interface LoginAttempt {
  readonly username: string;
  readonly password: string;
  /** Of the client. */
  readonly address: string;
}

/** All but `locked` and `rate-limited` have the one answer to the outside: who hears more than that has given the right password. */
type LoginRefusalReason =
  'bad-credentials' | 'disabled' | 'locked' | 'expired-token' | 'rate-limited' | 'name-taken';

export interface LoginRefusal {
  readonly outcome: 'refused';
  readonly reason: LoginRefusalReason;
  /** In seconds; with `locked` and `rate-limited`. */
  readonly retryAfter?: number;
  /** Whose; with `locked`. */
  readonly username?: string;
}

export interface AcceptedLogin extends Omit<Verified, 'trustedUntil'> {
  readonly outcome: 'accepted';
}

export type Login = AcceptedLogin | LoginRefusal;

export interface LoginsOptions {
  readonly chain: ProviderChain;
  readonly findToken: FindToken;
  /** Tokens that another program has made. */
  readonly findForeignLogin?: FindForeignLogin;
  readonly workloads?: Pick<Workloads, 'looksLikeOne' | 'check'>;
  readonly throttle: LoginThrottle;
  readonly cache: CredentialCache;
  readonly log: Log;
  /** Called for each login that was verified, and not for those out of the cache. */
  readonly onAccepted?: (login: AcceptedLogin) => void;
  /** Who hears of those that were refused. */
  readonly notes?: Pick<ActivityNotes, 'note'>;
  readonly metrics?: Pick<AccessMetrics, 'countLogin' | 'countLock'>;
  readonly now?: () => number;
}

export class Logins {
  readonly #options: LoginsOptions;

  constructor(options: LoginsOptions) {
    this.#options = options;
  }

  /** Rejects with LoginUnavailable, and with the signal's reason. */
  async login(attempt: LoginAttempt, signal: AbortSignal): Promise<Login> {
    const {metrics} = this.#options;
    try {
      const login = await this.#login(attempt, signal);
      metrics?.countLogin(login.outcome === 'accepted' ? 'accepted' : login.reason);
      return login;
    } catch (error) {
      if (error instanceof LoginUnavailable) metrics?.countLogin('unavailable');
      throw error;
    }
  }

  async #login(attempt: LoginAttempt, signal: AbortSignal): Promise<Login> {
    // What can't be guessed needs no counting, and works on when others at that address have guessed too often.
    if (this.#isToken(attempt.password)) return this.#loginByToken(attempt, signal);
    const {throttle, metrics} = this.#options;
    const {username, address} = attempt;
    const refusal = throttle.refusal(username, address);
    if (refusal) return this.#turnAway(attempt, refusal);
    const known = this.#known(attempt);
    if (known) return known;
    const turn = await throttle.begin(username, address, signal);
    if (turn.outcome === 'refused') return this.#turnAway(attempt, turn);
    using under = turn;
    // Those before this one may have had the same password.
    const found = this.#known(attempt);
    if (found) return found;
    const {epoch} = this.#options.cache;
    const checked = await this.#check(attempt, signal);
    if (checked.outcome === 'wrong') {
      // Before all else: an outage of what comes then must not make guesses free.
      if (under.failed()) {
        metrics?.countLock();
        this.#log('warn', attempt, {}, 'login locked');
      }
      if (checked.unless) throw checked.unless;
      await this.#options.chain.pretend(checked.owner, attempt, signal);
    } else if (checked.outcome === 'verified') under.succeeded();
    return this.#conclude(attempt, checked, epoch);
  }

  async #loginByToken(attempt: LoginAttempt, signal: AbortSignal): Promise<Login> {
    const {epoch} = this.#options.cache;
    const known = this.#known(attempt);
    return known ?? this.#conclude(attempt, await this.#check(attempt, signal), epoch);
  }

  #conclude(attempt: LoginAttempt, checked: Checked, epoch: number): Login {
    switch (checked.outcome) {
      case 'wrong':
        return this.#refuse(attempt, {outcome: 'refused', reason: 'bad-credentials'}, checked.why);
      case 'refused':
        return this.#refuse(attempt, {outcome: 'refused', reason: checked.reason}, checked.why);
      case 'verified': {
        this.#options.cache.keep(attempt, checked.verified, epoch);
        const login = accepted(checked.verified);
        this.#options.onAccepted?.(login);
        this.#log('info', attempt, {account: login.account.id}, 'login accepted');
        return login;
      }
    }
  }

  /** What nobody guesses, and no provider of passwords is to see. */
  #isToken(password: string): boolean {
    const {workloads} = this.#options;
    return looksLikeSecretToken(password) || workloads?.looksLikeOne(password) === true;
  }

  #known(attempt: LoginAttempt): AcceptedLogin | undefined {
    const verified = this.#options.cache.get(attempt);
    return verified && accepted(verified);
  }

  async #check(attempt: LoginAttempt, signal: AbortSignal): Promise<Checked> {
    const {username, password} = attempt;
    const {workloads} = this.#options;
    if (!isPossibleName(username)) return {outcome: 'wrong'};
    if (workloads?.looksLikeOne(password) === true) return workloads.check(attempt, signal);
    if (!isCheckable(password)) return {outcome: 'wrong'};
    const {findToken, findForeignLogin, now = Date.now} = this.#options;
    if (!looksLikeSecretToken(password)) {
      const foreign =
        findForeignLogin &&
        (await available('application tokens', signal, () =>
          findForeignLogin(attempt, now(), signal),
        ));
      return foreign ?? this.#options.chain.ask({username, password}, signal);
    }
    // Whatever comes of it, a token of ours is no provider's business.
    return available('application tokens', signal, () => verifyToken(attempt, findToken, now()));
  }

  #turnAway(attempt: LoginAttempt, refusal: ThrottleRefusal): LoginRefusal {
    const {reason} = refusal;
    const whose = reason === 'locked' ? {username: loggable(attempt.username)} : {};
    return this.#refuse(attempt, {...refusal, ...whose});
  }

  #refuse(
    attempt: LoginAttempt,
    refusal: LoginRefusal,
    why: string = refusal.reason,
  ): LoginRefusal {
    this.#log('info', attempt, {reason: why}, 'login refused');
    this.#options.notes?.note(failedLogin(attempt, refusal.reason));
    return refusal;
  }

  #log(
    level: 'info' | 'warn',
    {username, address}: LoginAttempt,
    fields: Readonly<Record<string, unknown>>,
    message: string,
  ): void {
    this.#options.log[level]({username: loggable(username), address, ...fields}, message);
  }
}

/** Some put the token where the name belongs. */
const loggable = (username: string): string =>
  looksLikeSecretToken(username) ? '[redacted]' : username.slice(0, 128);

const accepted = ({trustedUntil: _, ...verified}: Verified): AcceptedLogin => ({
  outcome: 'accepted',
  ...verified,
});
