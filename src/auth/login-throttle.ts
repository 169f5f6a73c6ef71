/**
 * Who guesses passwords is stopped, and nobody else. Failures lock a name for the address they came from: elsewhere its owner logs in as
 * ever. An address may fail so often a minute, whatever the names. Names that don't exist are locked as well: a lock tells nothing.
 *
 * Of one name and address one attempt runs at a time, and of an address only as many as may fail yet: else a thousand guesses at once
 * would all pass before the first has failed. The others wait.
 */
import {hash} from 'node:crypto';
import {clientNetwork} from './client-network.ts';
import {FailureCounter} from './failure-counter.ts';

const minute = 60_000;
/** Attempts of an address that may wait. */
const mostWaiting = 1024;
/** Counters of each kind; some 10 MB. Who has more addresses than this has no need to be forgotten. */
const mostCounters = 50_000;

export interface ThrottleOptions {
  readonly failures: number;
  /** In ms. */
  readonly lockFor: number;
  readonly attemptsPerMinute: number;
  readonly now?: () => number;
  readonly mostCounters?: number;
}

export interface ThrottleRefusal {
  readonly outcome: 'refused';
  readonly reason: 'locked' | 'rate-limited';
  /** In seconds, at least 1. */
  readonly retryAfter: number;
}

/** One login under way; must be disposed of. Neither a failure nor a success: nothing was learnt about the password. */
export interface Attempt extends Disposable {
  readonly outcome: 'begun';
  /** Whether the name is locked from now on. */
  failed(): boolean;
  succeeded(): void;
}

/** Of a name, from at least one address. Times in ms. */
export interface LoginLock {
  /** The first one that lasts. */
  readonly since: number;
  /** The last one. */
  readonly until: number;
}

/** For admins alone: others must not hear which names somebody guesses at. */
export type LoginLocks = Pick<LoginThrottle, 'locksOf' | 'unlock'>;

type Beginning = Attempt | ThrottleRefusal;

interface Client {
  readonly pair: string;
  readonly network: string;
}

interface Waiter {
  readonly client: Client;
  readonly settle: (beginning: Beginning) => void;
}

/** What an address has under way. */
interface Place {
  readonly busy: Set<string>;
  readonly waiting: Set<Waiter>;
}

export class LoginThrottle {
  readonly #options: ThrottleOptions;
  readonly #pairs: FailureCounter;
  readonly #networks: FailureCounter;
  readonly #places = new Map<string, Place>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
    const counter = {most: options.mostCounters ?? mostCounters, now: options.now ?? Date.now};
    this.#pairs = new FailureCounter(counter);
    this.#networks = new FailureCounter(counter);
  }

  /** Why nobody of that name may try from there now. */
  refusal(username: string, address: string): ThrottleRefusal | undefined {
    return this.#refusal(clientOf(username, address));
  }

  /** The names among these that are locked now. */
  locksOf(usernames: readonly string[]): ReadonlyMap<string, LoginLock> {
    const {failures, lockFor} = this.#options;
    const wanted = new Set(usernames.map(nameKey));
    const locks = new Map<string, LoginLock>();
    for (const [pair, {count, endsAt}] of this.#pairs.all()) {
      const key = nameKeyIn(pair);
      if (count < failures || !wanted.has(key)) continue;
      const {since, until} = locks.get(key) ?? {since: Infinity, until: 0};
      const lock = {since: Math.min(since, endsAt - lockFor), until: Math.max(until, endsAt)};
      locks.set(key, lock);
    }
    return new Map(
      usernames.flatMap((name) => {
        const lock = locks.get(nameKey(name));
        return lock ? [[name, lock]] : [];
      }),
    );
  }

  /** Forgets all failures of the name, wherever they came from; those of an address stay. Whether it was locked. */
  unlock(username: string): boolean {
    const isLocked = this.locksOf([username]).size > 0;
    const key = nameKey(username);
    const pairs = [...this.#pairs.all()].map(([pair]) => pair);
    for (const pair of pairs) if (nameKeyIn(pair) === key) this.#pairs.clear(pair);
    return isLocked;
  }

  /** Resolves when it is this attempt's turn. Rejects with the signal's reason. */
  async begin(username: string, address: string, signal: AbortSignal): Promise<Beginning> {
    signal.throwIfAborted();
    const client = clientOf(username, address);
    const place = this.#placeOf(client.network);
    const beginning = this.#decide(client, place);
    if (beginning) {
      this.#tidy(client.network, place);
      return beginning;
    }
    if (place.waiting.size >= mostWaiting) {
      return {outcome: 'refused', reason: 'rate-limited', retryAfter: 1};
    }
    return this.#wait(client, place, signal);
  }

  async #wait(client: Client, place: Place, signal: AbortSignal): Promise<Beginning> {
    const {promise, resolve, reject} = Promise.withResolvers<Beginning>();
    const waiter: Waiter = {client, settle: resolve};
    const leave = (): void => {
      // Who has been settled has what he must dispose of.
      if (!place.waiting.delete(waiter)) return;
      this.#tidy(client.network, place);
      reject(signal.reason);
    };
    place.waiting.add(waiter);
    signal.addEventListener('abort', leave);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** `undefined`: not yet. */
  #decide(client: Client, place: Place): Beginning | undefined {
    const refusal = this.#refusal(client);
    if (refusal) return refusal;
    const left = this.#options.attemptsPerMinute - this.#networks.count(client.network);
    if (place.busy.has(client.pair) || place.busy.size >= left) return undefined;
    return this.#attempt(client, place);
  }

  #attempt(client: Client, place: Place): Attempt {
    const {pair, network} = client;
    const {failures, lockFor} = this.#options;
    place.busy.add(pair);
    let isOver = false;
    return {
      outcome: 'begun',
      failed: () => {
        this.#networks.add(network, minute, {renewed: false});
        return this.#pairs.add(pair, lockFor, {renewed: true}) === failures;
      },
      succeeded: () => {
        this.#pairs.clear(pair);
      },
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        place.busy.delete(pair);
        this.#advance(place);
        this.#tidy(network, place);
      },
    };
  }

  /** Lets those go on who may, or who may not any more; who waits longest comes first. */
  #advance(place: Place): void {
    for (const waiter of place.waiting) {
      const beginning = this.#decide(waiter.client, place);
      if (!beginning) continue;
      place.waiting.delete(waiter);
      waiter.settle(beginning);
    }
  }

  #refusal({pair, network}: Client): ThrottleRefusal | undefined {
    const {failures, attemptsPerMinute} = this.#options;
    if (this.#pairs.count(pair) >= failures) {
      return refused('locked', this.#pairs.remaining(pair));
    }
    if (this.#networks.count(network) >= attemptsPerMinute) {
      return refused('rate-limited', this.#networks.remaining(network));
    }
    return undefined;
  }

  #placeOf(network: string): Place {
    const present = this.#places.get(network);
    if (present) return present;
    const place: Place = {busy: new Set(), waiting: new Set()};
    this.#places.set(network, place);
    return place;
  }

  #tidy(network: string, place: Place): void {
    if (place.busy.size === 0 && place.waiting.size === 0) this.#places.delete(network);
  }
}

const refused = (reason: ThrottleRefusal['reason'], remaining: number): ThrottleRefusal => ({
  outcome: 'refused',
  reason,
  retryAfter: Math.max(1, Math.ceil(remaining / 1000)),
});

function clientOf(username: string, address: string): Client {
  const network = clientNetwork(address);
  return {pair: `${nameKey(username)} ${network}`, network};
}

/** A directory may know `Anna` and `anna` as one. The hash keeps long names short. */
const nameKey = (username: string): string =>
  hash('sha256', username.normalize('NFKC').toLowerCase(), 'base64url');

const nameKeyIn = (pair: string): string => pair.slice(0, pair.indexOf(' '));
