/** What waits for one endpoint: the events of each repository one after the other, and no faster than the receiver takes them. */
import {type Delivery, listWaiting} from '../metadata/events/deliveries.ts';
import type {Event} from '../metadata/events/event.ts';
import {findEvents} from '../metadata/events/log.ts';
import type {Database} from '../metadata/database.ts';
import {type Attempted, pauseAfter, type Telling} from './attempt.ts';
import type {Endpoint} from './endpoint.ts';
import {Agents} from './post.ts';

interface QueueOptions {
  readonly db: Database['db'];
  readonly now: () => Date;
  /** In ms, between two attempts. */
  readonly longestPause: number;
  /** As it is at present; `undefined`: it is gone. */
  readonly find: () => Endpoint | undefined;
  readonly attempt: (endpoint: Endpoint, tellings: readonly Telling[]) => Promise<Attempted>;
  /** Resolves when it is durable. */
  readonly write: (outcome: Delivery) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Messages that are under way at the same time. */
const mostAtOnce = 4;
const mostInMessage = 50;
const mostInMemory = 200;
/** In ms: after an error of the database. */
const restAfterError = 2000;

export class EndpointQueue {
  readonly #options: QueueOptions;
  readonly agents = new Agents();
  readonly #closing = new AbortController();
  /** In the order of their events; those that were read and are not over. */
  #waiting: Delivery[] = [];
  #events: ReadonlyMap<number, Event> = new Map();
  /** Whether the database may have more. */
  #mayHaveMore = true;
  /** Repositories of which something is under way. */
  readonly #busy = new Set<string>();
  readonly #sending = new Set<Promise<void>>();
  /** Attempts in a row that the receiver has failed, whatever the event. */
  #failures = 0;
  #pausedUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** There may be something new. */
  wake(): void {
    this.#mayHaveMore = true;
    this.#go();
  }

  /** Some of what waited does so no more. */
  forget(): void {
    this.#waiting = [];
    this.wake();
  }

  /** What is under way is broken off, and is sent again by whoever comes next. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#turn;
    await Promise.all(this.#sending);
    this.agents.close();
  }

  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  #go(): void {
    this.#isWanted = true;
    if (this.#closing.signal.aborted) return;
    this.#turn ??= this.#work().finally(() => {
      this.#turn = undefined;
      if (this.#isWanted) this.#go();
    });
  }

  async #work(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    try {
      const endpoint = this.#options.find();
      if (!endpoint) return;
      const most = this.#failures > 0 ? 1 : mostAtOnce;
      if (this.#waiting.length < mostAtOnce && this.#mayHaveMore && this.#sending.size < most) {
        await this.#read();
      }
      this.#begin(endpoint, most);
    } catch (error) {
      this.#options.onError(error);
      this.#wakeAt(this.#time() + restAfterError);
    }
  }

  async #read(): Promise<void> {
    const {db, endpoint} = {...this.#options, endpoint: this.#options.find()};
    if (!endpoint) return;
    const read = await listWaiting(db, endpoint.key, mostInMemory);
    const seqs = read.map(({seq}) => seq).filter((seq) => seq > 0);
    this.#events = await findEvents(db, [...new Set(seqs)]);
    // What was attempted since it was read is known better here.
    const known = new Map(this.#waiting.map((each) => [each.id, each]));
    this.#waiting = read
      .filter(({id}) => !this.#isOver.has(id))
      .map((each) => known.get(each.id) ?? each);
    this.#mayHaveMore = read.length === mostInMemory;
  }

  /** Those whose end is being written. */
  readonly #isOver = new Set<string>();

  #begin(endpoint: Endpoint, most: number): void {
    const time = this.#time();
    if (time < this.#pausedUntil) {
      this.#wakeAt(this.#pausedUntil);
      return;
    }
    while (this.#sending.size < most) {
      const {batch, next} = this.#nextBatch(mostTogether(endpoint), time);
      if (batch.length > 0) {
        this.#send(endpoint, batch);
        continue;
      }
      if (next < Infinity && this.#sending.size === 0) this.#wakeAt(next);
      return;
    }
  }

  /** The oldest that may be sent, in their order; without any, when the next one may be. */
  #nextBatch(most: number, time: number): {readonly batch: Delivery[]; readonly next: number} {
    const passed = new Set<string>(this.#busy);
    const batch: Delivery[] = [];
    let next = Infinity;
    for (const delivery of this.#waiting) {
      const {repository, dueAt} = delivery;
      // Behind an earlier one of the same repository.
      if (passed.has(repository)) continue;
      const isAlone = goesAlone(delivery);
      if (dueAt > time) next = Math.min(next, dueAt);
      else if (!isAlone || batch.length === 0) batch.push(delivery);
      if (batch.at(-1) !== delivery) passed.add(repository);
      else if (isAlone || batch.length === most) break;
    }
    return {batch, next};
  }

  #send(endpoint: Endpoint, batch: readonly Delivery[]): void {
    const repositories = new Set(batch.map(({repository}) => repository));
    for (const repository of repositories) this.#busy.add(repository);
    const sending = this.#attempt(endpoint, batch)
      .catch((error: unknown) => {
        this.#options.onError(error);
        this.#pausedUntil = this.#time() + restAfterError;
        this.#mayHaveMore = true;
      })
      .finally(() => {
        for (const repository of repositories) this.#busy.delete(repository);
        this.#sending.delete(sending);
        this.#go();
      });
    this.#sending.add(sending);
  }

  async #attempt(endpoint: Endpoint, batch: readonly Delivery[]): Promise<void> {
    const {attempt, longestPause} = this.#options;
    const tellings: Telling[] = [];
    const lost: Delivery[] = [];
    for (const delivery of batch) {
      const event = this.#eventOf(delivery);
      if (event) tellings.push({delivery, event});
      else lost.push(this.#forgotten(delivery));
    }
    if (lost.length > 0) await this.#note(lost);
    if (tellings.length === 0) return;
    const {outcomes, isOfReceiver} = await attempt(endpoint, tellings);
    const isDelivered = outcomes.every(({state}) => state === 'delivered');
    if (this.#closing.signal.aborted && !isDelivered) return;
    if (!isDelivered && isOfReceiver) {
      this.#failures += 1;
      this.#pausedUntil = this.#time() + pauseAfter(this.#failures, longestPause);
    } else {
      this.#failures = 0;
    }
    await this.#note(outcomes);
  }

  #forgotten(delivery: Delivery): Delivery {
    const at = this.#time();
    const problem = 'what has happened is not kept any more';
    return {...delivery, state: 'failed', dueAt: at, finishedAt: at, problem};
  }

  /** What comes after them in their repositories follows once this is written down: after a kill, none is sent that comes before one that was. */
  async #note(outcomes: readonly Delivery[]): Promise<void> {
    const changed = new Map(outcomes.map((each) => [each.id, each]));
    const over = outcomes.filter(({state}) => state !== 'waiting').map(({id}) => id);
    for (const id of over) this.#isOver.add(id);
    this.#waiting = this.#waiting
      .map((each) => changed.get(each.id) ?? each)
      .filter(({id}) => !this.#isOver.has(id));
    try {
      await Promise.all(outcomes.map(this.#options.write));
    } finally {
      for (const id of over) this.#isOver.delete(id);
    }
  }

  #eventOf({seq, payload}: Delivery): Event | undefined {
    return payload === undefined ? this.#events.get(seq) : (JSON.parse(payload) as Event);
  }

  #time(): number {
    return this.#options.now().getTime();
  }

  #wakeAt(at: number): void {
    clearTimeout(this.#timer);
    const delay = Math.max(0, Math.min(at - this.#time(), 60_000));
    this.#timer = setTimeout(() => {
      this.#mayHaveMore = true;
      this.#go();
    }, delay).unref();
  }
}

/** Where the form of the message has room for several. */
const mostTogether = ({format}: Endpoint): number =>
  format === 'distribution' ? mostInMessage : 1;

/** A trial, and what was refused: nobody knows which one of several it was. */
const goesAlone = ({payload, refusals}: Delivery): boolean => payload !== undefined || refusals > 0;
