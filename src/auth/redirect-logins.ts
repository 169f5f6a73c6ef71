/** Logins at providers that have pages of their own: begun here, and finished with what the browser brings back. */
import type {AccessMetrics} from '../observability/access-metrics.ts';
import type {Log} from '../observability/log.ts';
import {failedLogin} from './activities/failed-login.ts';
import type {ActivityNotes} from './activities/notes.ts';
import type {Account} from './caller.ts';
import {BusyError, Gate} from './gate.ts';
import type {AcceptedLogin} from './login.ts';
import {LoginUnavailable} from './login-unavailable.ts';
import type {Outages} from './outages.ts';
import type {Identity, PendingLogin, RedirectProvider, RedirectResult} from './ports.ts';
import {available, type Dependency, dependencyOf} from './provider-chain.ts';

type Refusal = 'disabled' | 'missing-group' | 'name-taken';

export type RedirectLogin =
  | {readonly outcome: 'accepted'; readonly account: Account}
  | {readonly outcome: 'refused'; readonly reason: Refusal}
  | Exclude<RedirectResult, {readonly outcome: 'accepted' | 'rejected'}>;

interface RedirectLoginsOptions {
  readonly providers: readonly RedirectProvider[];
  readonly admit: (identity: Identity) => Promise<Account | 'disabled' | 'name-taken' | 'unknown'>;
  readonly onAccepted: (login: AcceptedLogin) => void;
  readonly outages: Outages;
  readonly notes?: Pick<ActivityNotes, 'note'>;
  readonly metrics?: Pick<AccessMetrics, 'noteProvider' | 'countLogin'>;
}

interface Answer {
  readonly url: URL;
  readonly state: string;
  readonly pending: PendingLogin;
  /** Of the client. */
  readonly address: string;
  /** Of the request: what came of it is found by its id. */
  readonly log: Log;
}

const [mostAtOnce, mostWaiting] = [32, 256];

export class RedirectLogins {
  readonly #options: RedirectLoginsOptions;
  /** Of all providers together: anybody can have them asked. */
  readonly #gate = new Gate({running: mostAtOnce, waiting: mostWaiting});

  constructor(options: RedirectLoginsOptions) {
    this.#options = options;
    for (const {source} of options.providers) options.metrics?.noteProvider(source, true);
  }

  /** In the order of the configuration. */
  get providers(): readonly Pick<RedirectProvider, 'id' | 'displayName'>[] {
    return this.#options.providers;
  }

  get dependencies(): readonly Dependency[] {
    const {providers, ...tellers} = this.#options;
    return providers.map((provider) =>
      dependencyOf(
        {
          id: provider.source,
          displayName: provider.displayName,
          check: async (signal) => provider.check(signal),
        },
        tellers,
      ),
    );
  }

  find(id: string): Pick<RedirectProvider, 'id' | 'displayName'> | undefined {
    return this.#find(id);
  }

  /** `undefined`: there is no such provider. Rejects with LoginUnavailable. */
  async begin(
    id: string,
    request: {readonly callbackUrl: string; readonly state: string},
    signal: AbortSignal,
  ): Promise<{readonly url: string; readonly pending: PendingLogin} | undefined> {
    const provider = this.#find(id);
    if (!provider) return undefined;
    return this.#ask(provider, signal, async () => provider.begin(request, signal));
  }

  /** Rejects with LoginUnavailable, and with the signal's reason. */
  async finish(id: string, answer: Answer, signal: AbortSignal): Promise<RedirectLogin> {
    const provider = this.#find(id);
    if (!provider) return {outcome: 'invalid', why: 'there is no such provider'};
    const {metrics} = this.#options;
    try {
      const result = await this.#ask(provider, signal, async () => provider.finish(answer, signal));
      const login = await this.#conclude(result, signal);
      this.#tell(provider, login, answer);
      return login;
    } catch (error) {
      if (error instanceof LoginUnavailable) metrics?.countLogin('unavailable');
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#options.providers.map(async (provider) => provider.close()));
  }

  #find(id: string): RedirectProvider | undefined {
    return this.#options.providers.find((provider) => provider.id === id);
  }

  async #ask<T>(
    {source, displayName}: RedirectProvider,
    signal: AbortSignal,
    ask: () => Promise<T>,
  ): Promise<T> {
    const {metrics, outages} = this.#options;
    try {
      const result = await available(displayName, signal, async () => this.#gate.run(ask, signal));
      metrics?.noteProvider(source, true);
      outages.isOver(source);
      return result;
    } catch (error) {
      if (!(error instanceof LoginUnavailable)) throw error;
      const {cause} = error;
      if (cause instanceof BusyError) throw error;
      metrics?.noteProvider(source, false);
      outages.tell(source, cause);
      throw new LoginUnavailable(displayName, {cause, isTold: true});
    }
  }

  async #conclude(result: RedirectResult, signal: AbortSignal): Promise<RedirectLogin> {
    if (result.outcome === 'rejected') {
      const reason = result.reason === 'missing-group' ? result.reason : 'disabled';
      return {outcome: 'refused', reason};
    }
    if (result.outcome !== 'accepted') return result;
    const {admit} = this.#options;
    const admitted = await available('accounts', signal, async () => admit(result.identity));
    if (typeof admitted === 'object') return {outcome: 'accepted', account: admitted};
    return {outcome: 'refused', reason: admitted === 'disabled' ? 'disabled' : 'name-taken'};
  }

  #tell({source: provider}: RedirectProvider, login: RedirectLogin, {address, log}: Answer): void {
    const {metrics, notes, onAccepted} = this.#options;
    if (login.outcome === 'accepted') {
      const {id, name} = login.account;
      metrics?.countLogin('accepted');
      log.info({provider, username: name, account: id, address}, 'login accepted');
      onAccepted(login);
      return;
    }
    const reason = login.outcome === 'refused' ? login.reason : login.outcome;
    const why = 'why' in login ? {why: login.why} : {};
    metrics?.countLogin(countedAs(login));
    log.info({provider, reason, ...why, address}, 'login refused');
    const failed = failedLogin({username: '', address}, reason);
    notes?.note({...failed, parameters: {...failed.parameters, provider}});
  }
}

function countedAs(login: Exclude<RedirectLogin, {outcome: 'accepted'}>) {
  if (login.outcome !== 'refused') return 'bad-credentials';
  return login.reason === 'missing-group' ? 'disabled' : login.reason;
}
