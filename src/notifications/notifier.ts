/** Tells of what has happened: hands events out to the queues of all who want them, and works on the queues. */
import {randomUUID} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import {isAsked} from '../host/traffic.ts';
import type {Database} from '../metadata/database.ts';
import {
  countWaiting,
  type Delivery,
  dropOldest,
  handOut,
  writeOutcomes,
} from '../metadata/events/deliveries.ts';
import {readReferences} from '../metadata/events/references.ts';
import {endLease, takeLease} from '../metadata/leases.ts';
import type {Log} from '../observability/log.ts';
import type {NotificationMetrics} from '../observability/notification-metrics.ts';
import {attempt, type Telling} from './attempt.ts';
import type {Source} from './distribution-event.ts';
import {EndpointQueue} from './endpoint-queue.ts';
import type {Endpoints} from './endpoints.ts';
import {Gathering} from './gathering.ts';
import {type MayReach, reachable} from '../host/target-address.ts';

interface NotifierOptions {
  readonly db: Database['db'];
  readonly settings: Config['notifications'];
  readonly endpoints: Endpoints;
  readonly source: Source;
  readonly metrics: NotificationMetrics;
  readonly log: Log;
  readonly now: Clock;
  /** In ms, between two attempts. */
  readonly longestPause: number;
}

const lease = 'notifications';
/** In ms. */
const leasedFor = 6000;
/** Events that are handed out in one transaction. */
const mostAtOnce = 200;
/** In ms: so long events gather, and so often it is looked whether others have written some. */
const lull = 50;
/** In ms: the same where others ask for much, who come first. */
const longLull = 1000;
const interval = 2000;

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #endpoints: Endpoints;
  readonly #mayReach: MayReach;
  readonly #holder = randomUUID();
  readonly #closing = new AbortController();
  readonly #queues = new Map<string, EndpointQueue>();
  readonly #outcomes: Gathering<Delivery>;
  readonly #running: Promise<void>;
  /** Since the last turn began. */
  #isWoken = false;
  #wake: (() => void) | undefined;
  #leasedUntil = 0;
  #isFailing = false;

  constructor(options: NotifierOptions) {
    const {db, settings, endpoints, metrics} = options;
    this.#options = options;
    this.#endpoints = endpoints;
    this.#mayReach = reachable(settings.allowedTargets);
    this.#outcomes = new Gathering(async (outcomes) => writeOutcomes(db, outcomes), lull);
    metrics.follow(async () => [...(await countWaiting(db)).values()].reduce((a, b) => a + b, 0));
    this.#running = this.#run();
  }

  /** Something may have happened, or somebody else want to be told. */
  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  /** What has not been told by then waits for whoever comes next. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake?.();
    await this.#running;
    await this.#closeQueues();
    if (this.#leasedUntil > 0) {
      await endLease(this.#options.db, {name: lease, holder: this.#holder}).catch(() => undefined);
    }
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      let isMore = false;
      this.#isWoken = false;
      try {
        isMore = await this.#turn();
        this.#isFailing = false;
      } catch (error) {
        if (!this.#isFailing) this.#tell(error);
        this.#isFailing = true;
      }
      if (!isMore) await this.#rest();
    }
  }

  /** Whether there is more to do at once. */
  async #turn(): Promise<boolean> {
    const {db, now} = this.#options;
    // Also for those who ask here whether anybody wants to know.
    await this.#endpoints.refresh();
    if (!(await this.#holdLease())) {
      await this.#closeQueues();
      return false;
    }
    const count = await handOut(db, {
      wantedBy: async (turn, event) => this.#endpoints.wantedBy(turn, event),
      limit: mostAtOnce,
      now: now().getTime(),
    });
    await this.#wakeQueues();
    return count === mostAtOnce;
  }

  async #holdLease(): Promise<boolean> {
    const {db, now} = this.#options;
    const time = now().getTime();
    if (time < this.#leasedUntil - leasedFor / 2) return true;
    const until = time + leasedFor;
    const isHeld = await takeLease(db, {name: lease, holder: this.#holder, now: time, until});
    this.#leasedUntil = isHeld ? until : 0;
    return isHeld;
  }

  async #wakeQueues(): Promise<void> {
    const {db, settings, now} = this.#options;
    const waiting = await countWaiting(db);
    for (const [key, count] of waiting) {
      if (count > settings.maxBacklog) {
        const problem = `more than ${settings.maxBacklog} events waited for the receiver`;
        const dropping = {most: settings.maxBacklog, now: now().getTime(), problem};
        const dropped = await dropOldest(db, key, dropping);
        this.#options.metrics.deliveries.inc({outcome: 'dropped'}, dropped);
        this.#options.log.warn({endpoint: key, dropped}, 'events are not delivered any more');
        this.#queues.get(key)?.forget();
      }
      if (this.#endpoints.find(key)) this.#queueOf(key).wake();
    }
  }

  #queueOf(key: string): EndpointQueue {
    const known = this.#queues.get(key);
    if (known) return known;
    const {db, source, settings, metrics, now, log, longestPause} = this.#options;
    const queue: EndpointQueue = new EndpointQueue({
      db,
      now,
      longestPause,
      find: () => this.#endpoints.find(key),
      attempt: async (endpoint, tellings) => {
        const whole = endpoint.hasReferences
          ? await Promise.all(tellings.map(async (each) => withReferences(db, each)))
          : tellings;
        const end = metrics.duration.startTimer();
        const attempted = await attempt(endpoint, whole, {
          source,
          agents: queue.agents,
          mayReach: this.#mayReach,
          signal: queue.signal,
          now,
          retryFor: settings.retryFor,
          longestPause,
        });
        end();
        for (const {id, state, problem} of attempted.outcomes) {
          metrics.deliveries.inc({outcome: state === 'waiting' ? 'retried' : state});
          if (state === 'failed') {
            log.warn({endpoint: key, delivery: id, problem}, 'event not delivered');
          }
        }
        return attempted;
      },
      write: async (outcome) => this.#outcomes.add(outcome),
      onError: (error) => {
        this.#tell(error);
      },
    });
    this.#queues.set(key, queue);
    return queue;
  }

  async #closeQueues(): Promise<void> {
    const queues = [...this.#queues.values()];
    this.#queues.clear();
    await Promise.all(queues.map(async (queue) => queue.close()));
  }

  /** Until it is woken, and so much longer that what comes together is handed out together. */
  async #rest(): Promise<void> {
    // Nobody would wake it any more.
    if (this.#closing.signal.aborted) return;
    const {promise, resolve} = Promise.withResolvers<undefined>();
    this.#wake = () => {
      resolve(undefined);
    };
    const timer = setTimeout(this.#wake, this.#isWoken ? 0 : interval).unref();
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
    await pause(isAsked() ? longLull : lull, undefined, {signal: this.#closing.signal}).catch(
      () => undefined,
    );
  }

  #tell(error: unknown): void {
    this.#options.log.error({err: error}, 'events can not be handed out at present');
  }
}

const withReferences = async (db: Database['db'], telling: Telling): Promise<Telling> => {
  const {digest} = telling.event;
  return digest ? {...telling, references: await readReferences(db, digest)} : telling;
};
