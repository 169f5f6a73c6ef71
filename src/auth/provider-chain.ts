/** The providers of accounts in the order in which they are asked, and what becomes of their answers. */
import type {AccessMetrics} from '../observability/access-metrics.ts';
import type {Account} from './caller.ts';
import type {Verified} from './credential-cache.ts';
import {LoginUnavailable} from './login-unavailable.ts';
import {BusyError, Gate} from './gate.ts';
import type {Outages} from './outages.ts';
import type {Credentials, Identity, LoginResult, PasswordProvider} from './ports.ts';

export interface ChainOptions {
  readonly providers: readonly PasswordProvider[];
  /** The account of somebody whom a provider has accepted; made at the first login, unless only those that are there count. `name-taken`: somebody else has the name. */
  readonly admit: (
    identity: Identity,
    options: {readonly onlyKnown: boolean},
  ) => Promise<Account | 'disabled' | 'name-taken' | 'unknown'>;
  readonly outages: Outages;
  readonly metrics?: Pick<AccessMetrics, 'noteProvider'>;
  readonly now?: () => number;
}

export type Checked =
  | {readonly outcome: 'verified'; readonly verified: Verified}
  | {
      readonly outcome: 'refused';
      readonly reason: 'disabled' | 'expired-token' | 'name-taken';
      readonly why?: string;
    }
  /** `owner`: the provider that knows the name. `unless`: one that could not be asked may say otherwise. */
  | {
      readonly outcome: 'wrong';
      /** For the log. */
      readonly why?: string;
      readonly owner?: PasswordProvider;
      readonly unless?: LoginUnavailable;
    };

/** What logins depend on beside the database. */
export interface Dependency {
  readonly id: string;
  readonly displayName: string;
  /** Rejects where it can't be used at present. */
  readonly check: (signal: AbortSignal) => Promise<void>;
}

/** Questions to one provider: a crowd must not open a thousand connections to a directory. */
const mostAtOnce = 32;
const mostWaiting = 1024;

interface Asked {
  readonly provider: PasswordProvider;
  readonly gate: Gate;
}

export class ProviderChain {
  readonly #options: ChainOptions;
  readonly #providers: readonly Asked[];

  constructor(options: ChainOptions) {
    this.#options = options;
    // Each has its series from the start; none was found away so far.
    for (const {id} of options.providers) options.metrics?.noteProvider(id, true);
    this.#providers = options.providers.map((provider) => ({
      provider,
      gate: new Gate({running: mostAtOnce, waiting: mostWaiting}),
    }));
  }

  /** Rejects with LoginUnavailable where nobody could say, and with the signal's reason. */
  async ask(credentials: Credentials, signal: AbortSignal): Promise<Checked> {
    /** The first that could not be asked. After it only those get in who have an account: the name may be another's, there. */
    let missing: LoginUnavailable | undefined;
    let isGuess = false;
    for (const asked of this.#providers) {
      const {provider} = asked;
      const askedAt = (this.#options.now ?? Date.now)();
      const result = await this.#ask(asked, credentials, signal);
      if (result instanceof LoginUnavailable) {
        missing ??= result;
        continue;
      }
      if (result.outcome === 'not-accepted') {
        // Whoever tells an unknown name has compared no password with anything.
        isGuess ||= missing !== undefined && provider.hidesNames === true;
        continue;
      }
      isGuess ||= missing !== undefined;
      const onlyKnown = missing !== undefined;
      const checked = await this.#judge(provider, result, {onlyKnown, askedAt, signal});
      if (!missing || checked?.outcome === 'verified') return checked ?? {outcome: 'wrong'};
      break;
    }
    if (!missing) return {outcome: 'wrong'};
    if (isGuess) return {outcome: 'wrong', unless: missing};
    throw missing;
  }

  /** Those who were not asked, because another owns the name, take their time as well. */
  async pretend(
    owner: PasswordProvider | undefined,
    {username, password}: Credentials,
    signal: AbortSignal,
  ): Promise<void> {
    if (owner === undefined) return;
    const at = this.#providers.findIndex(({provider}) => provider === owner);
    for (const {provider, gate} of this.#providers.slice(at + 1)) {
      await available(provider.displayName, signal, async () =>
        gate.run(async () => provider.pretend?.({username, password}, signal), signal),
      );
    }
  }

  get dependencies(): readonly Dependency[] {
    const {providers, ...tellers} = this.#options;
    return providers
      .filter(({id}) => id !== 'local')
      .map((provider) => dependencyOf(provider, tellers));
  }

  async close(): Promise<void> {
    await Promise.all(this.#options.providers.map((provider) => provider.close()));
  }

  async #ask(
    {provider, gate}: Asked,
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<LoginResult | LoginUnavailable> {
    const {metrics, outages} = this.#options;
    const {id, displayName} = provider;
    try {
      const result = await available(displayName, signal, async () =>
        gate.run(async () => provider.login(credentials, signal), signal),
      );
      metrics?.noteProvider(id, true);
      outages.isOver(id);
      return result;
    } catch (error) {
      // Where there is too much to do nobody has failed, and nothing was guessed.
      if (!(error instanceof LoginUnavailable) || error.cause instanceof BusyError) throw error;
      metrics?.noteProvider(id, false);
      const {cause} = error;
      outages.tell(id, cause);
      return new LoginUnavailable(displayName, {cause, isTold: true});
    }
  }

  async #judge(
    provider: PasswordProvider,
    result: Exclude<LoginResult, {outcome: 'not-accepted'}>,
    {
      onlyKnown,
      askedAt,
      signal,
    }: {readonly onlyKnown: boolean; readonly askedAt: number; readonly signal: AbortSignal},
  ): Promise<Checked | undefined> {
    if (result.outcome === 'rejected') {
      return result.reason === 'bad-credentials'
        ? {outcome: 'wrong', owner: provider}
        : {outcome: 'refused', reason: 'disabled', why: result.reason};
    }
    const {admit} = this.#options;
    const admitted = await available('accounts', signal, () => admit(result.identity, {onlyKnown}));
    if (admitted === 'unknown') return undefined;
    if (typeof admitted === 'string') return {outcome: 'refused', reason: admitted};
    const {trustFor} = provider;
    const trust = trustFor === undefined ? {} : {trustedUntil: askedAt + trustFor};
    const short = result.identity.isDelegated ? ({isShortLived: true} as const) : {};
    return {outcome: 'verified', verified: {account: admitted, ...trust, ...short}};
  }
}

interface Tellers {
  readonly metrics?: Pick<AccessMetrics, 'noteProvider'>;
  readonly outages: Outages;
}

/** Whether it is there goes into metrics and log, however it is asked. */
export const dependencyOf = (
  provider: Pick<PasswordProvider, 'id' | 'displayName' | 'check'>,
  {metrics, outages}: Tellers,
): Dependency => ({
  id: provider.id,
  displayName: provider.displayName,
  check: async (signal) => {
    try {
      await provider.check(signal);
    } catch (error) {
      metrics?.noteProvider(provider.id, false);
      // Who stops asking has found nothing.
      if (!signal.aborted || isTimeout(signal)) outages.tell(provider.id, error);
      throw error;
    }
    metrics?.noteProvider(provider.id, true);
    outages.isOver(provider.id);
  },
});

const isTimeout = ({reason}: AbortSignal): boolean =>
  reason instanceof Error && reason.name === 'TimeoutError';

/** What fails means that the question could not be put, unless who asked has gone. */
export async function available<T>(
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
