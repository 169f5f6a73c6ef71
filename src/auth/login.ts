/** Names and passwords become accounts. */
import type {AccessMetrics} from '../observability/access-metrics.ts';
import type {Account} from './caller.ts';
import type {CredentialCache, Verified} from './credential-cache.ts';
import type {AuthLog} from './log.ts';
import type {LoginThrottle} from './login-throttle.ts';
import {LoginUnavailable} from './login-unavailable.ts';
import {isCheckable} from './password-rules.ts';
import type {Credentials, Identity, LoginResult, PasswordProvider} from './ports.ts';
import {looksLikeSecretToken} from './secret-token.ts';
import {type FindToken, verifyToken} from './token-login.ts';

/** In characters. */
const longestName = 255;

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
}

export interface AcceptedLogin {
  readonly outcome: 'accepted';
  readonly account: Account;
  /** The token that was the password. */
  readonly applicationTokenId?: string;
}

export type Login = AcceptedLogin | LoginRefusal;

export interface LoginsOptions {
  /** In the order in which they are asked. */
  readonly providers: readonly PasswordProvider[];
  readonly findToken: FindToken;
  /** The account of somebody whom a provider has accepted; made at the first login, unless only those that are there count. `name-taken`: somebody else has the name. */
  readonly admit: (
    identity: Identity,
    options: {readonly onlyKnown: boolean},
  ) => Promise<Account | 'disabled' | 'name-taken' | 'unknown'>;
  readonly throttle: LoginThrottle;
  readonly cache: CredentialCache;
  readonly log: AuthLog;
  /** Called for each login that was verified, and not for those out of the cache. */
  readonly onAccepted?: (login: AcceptedLogin) => void;
  readonly metrics?: Pick<AccessMetrics, 'countLogin' | 'countLock' | 'noteProvider'>;
  readonly now?: () => number;
}

export interface Dependency {
  readonly id: string;
  readonly displayName: string;
  /** Rejects where it can't be used at present. */
  readonly check: (signal: AbortSignal) => Promise<void>;
}

type Checked =
  | {readonly outcome: 'verified'; readonly verified: Verified}
  | {
      readonly outcome: 'refused';
      readonly reason: 'disabled' | 'expired-token' | 'name-taken';
      readonly why?: string;
    }
  /** `owner`: the provider that knows the name. `unless`: one that could not be asked may say otherwise. */
  | {
      readonly outcome: 'wrong';
      readonly owner?: PasswordProvider;
      readonly unless?: LoginUnavailable;
    };

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

  /** Accounts have changed: what is known about their passwords counts no more. Without an id: of all. */
  accountsChanged(accountId?: string): void {
    if (accountId === undefined) this.#options.cache.clear();
    else this.#options.cache.forget(accountId);
  }

  /** What logins depend on beside the database, to be asked whether it is there. */
  get dependencies(): readonly Dependency[] {
    const {providers, metrics} = this.#options;
    return providers
      .filter(({id}) => id !== 'local')
      .map((provider) => ({
        id: provider.id,
        displayName: provider.displayName,
        check: async (signal) => {
          let isUp = false;
          try {
            await provider.check(signal);
            isUp = true;
          } finally {
            metrics?.noteProvider(provider.id, isUp);
          }
        },
      }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#options.providers.map((provider) => provider.close()));
  }

  async #login(attempt: LoginAttempt, signal: AbortSignal): Promise<Login> {
    // What can't be guessed needs no counting, and works on when others at that address have guessed too often.
    if (looksLikeSecretToken(attempt.password)) return this.#loginByToken(attempt, signal);
    const {throttle, metrics} = this.#options;
    const {username, address} = attempt;
    const refusal = throttle.refusal(username, address);
    if (refusal) return this.#refuse(attempt, refusal);
    const known = this.#known(attempt);
    if (known) return known;
    const turn = await throttle.begin(username, address, signal);
    if (turn.outcome === 'refused') return this.#refuse(attempt, turn);
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
      await this.#pretend(checked.owner, attempt, signal);
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
        return this.#refuse(attempt, {outcome: 'refused', reason: 'bad-credentials'});
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

  #known(attempt: LoginAttempt): AcceptedLogin | undefined {
    const verified = this.#options.cache.get(attempt);
    return verified && accepted(verified);
  }

  async #check(attempt: LoginAttempt, signal: AbortSignal): Promise<Checked> {
    const {username, password} = attempt;
    if (!isPossibleName(username) || !isCheckable(password)) return {outcome: 'wrong'};
    if (!looksLikeSecretToken(password)) return this.#askProviders(attempt, signal);
    // Whatever comes of it, a token of ours is no provider's business.
    const {findToken, now = Date.now} = this.#options;
    return available('application tokens', signal, () => verifyToken(attempt, findToken, now()));
  }

  async #askProviders(credentials: Credentials, signal: AbortSignal): Promise<Checked> {
    /** The first that could not be asked. After it only those get in who have an account: the name may be another's, there. */
    let missing: LoginUnavailable | undefined;
    let isGuess = false;
    for (const provider of this.#options.providers) {
      const result = await this.#ask(provider, credentials, signal);
      if (result instanceof LoginUnavailable) {
        missing ??= result;
        continue;
      }
      isGuess ||= missing !== undefined;
      if (result.outcome === 'not-accepted') continue;
      const checked = await this.#judge(provider, result, {
        onlyKnown: missing !== undefined,
        signal,
      });
      if (!missing || checked?.outcome === 'verified') return checked ?? {outcome: 'wrong'};
      break;
    }
    if (!missing) return {outcome: 'wrong'};
    if (isGuess) return {outcome: 'wrong', unless: missing};
    throw missing;
  }

  async #judge(
    provider: PasswordProvider,
    result: Exclude<LoginResult, {outcome: 'not-accepted'}>,
    {onlyKnown, signal}: {readonly onlyKnown: boolean; readonly signal: AbortSignal},
  ): Promise<Checked | undefined> {
    if (result.outcome === 'rejected') {
      return result.reason === 'bad-credentials'
        ? {outcome: 'wrong', owner: provider}
        : {outcome: 'refused', reason: 'disabled', why: result.reason};
    }
    const admitted = await available('accounts', signal, () =>
      this.#options.admit(result.identity, {onlyKnown}),
    );
    if (admitted === 'unknown') return undefined;
    return typeof admitted === 'string'
      ? {outcome: 'refused', reason: admitted}
      : {outcome: 'verified', verified: {account: admitted}};
  }

  async #ask(
    provider: PasswordProvider,
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<LoginResult | LoginUnavailable> {
    const {metrics, log} = this.#options;
    const {id, displayName} = provider;
    try {
      const result = await available(displayName, signal, () =>
        provider.login(credentials, signal),
      );
      metrics?.noteProvider(id, true);
      return result;
    } catch (error) {
      if (!(error instanceof LoginUnavailable)) throw error;
      metrics?.noteProvider(id, false);
      log.error({provider: id, err: error.cause}, 'provider can not be asked');
      return error;
    }
  }

  /** Those who were not asked, because another owns the name, take their time as well. */
  async #pretend(
    owner: PasswordProvider | undefined,
    {username, password}: LoginAttempt,
    signal: AbortSignal,
  ): Promise<void> {
    if (owner === undefined) return;
    const {providers} = this.#options;
    for (const provider of providers.slice(providers.indexOf(owner) + 1)) {
      await available(provider.displayName, signal, async () =>
        provider.pretend?.({username, password}, signal),
      );
    }
  }

  #refuse(
    attempt: LoginAttempt,
    refusal: LoginRefusal,
    why: string = refusal.reason,
  ): LoginRefusal {
    this.#log('info', attempt, {reason: why}, 'login refused');
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

const isPossibleName = (username: string): boolean =>
  username !== '' &&
  username.length <= longestName &&
  username.isWellFormed() &&
  !/\p{Cc}/u.test(username);

/** Some put the token where the name belongs. */
const loggable = (username: string): string =>
  looksLikeSecretToken(username) ? '[redacted]' : username.slice(0, 128);

const accepted = ({account, applicationTokenId}: Verified): AcceptedLogin => ({
  outcome: 'accepted',
  account,
  ...(applicationTokenId === undefined ? {} : {applicationTokenId}),
});

/** What fails means that the question could not be put, unless who asked has gone. */
async function available<T>(
  source: string,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    signal.throwIfAborted();
    throw new LoginUnavailable(source, {cause});
  }
}
