/** Server-sent events of the registry. A browser has six connections to a host for all windows: one that nobody sees holds none. */
import {addressOf} from '../base.ts';
import type {RegistryEvent} from '../api/types.ts';

type Listener = (events: readonly RegistryEvent[]) => void;

/** In milliseconds: what comes within it is told at once. */
const gatheredFor = 700;
const longestGathering = 200;
/** A pull changes nothing that a page shows but numbers. */
const actions = ['push', 'delete', 'tag'] as const;

export class LiveEvents {
  readonly #listeners = new Set<Listener>();
  readonly #gathered: RegistryEvent[] = [];
  #source: EventSource | undefined;
  #timer: number | undefined;
  #last = 0;

  /** Returns how to close it. */
  open(): () => void {
    const follow = (): void => {
      if (document.visibilityState === 'visible') this.#connect();
      else this.#disconnect();
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      this.#disconnect();
    };
  }

  /** Is given all that came within a moment. Returns how not to be told any more. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #connect(): void {
    if (this.#source) return;
    const query = new URLSearchParams({actions: actions.join(',')});
    if (this.#last > 0) query.set('after', String(this.#last));
    this.#source = new EventSource(addressOf(`api/v1/events?${query.toString()}`));
    for (const action of actions) {
      this.#source.addEventListener(action, (message: MessageEvent<string>) => {
        this.#take(JSON.parse(message.data) as RegistryEvent);
      });
    }
  }

  #disconnect(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #take(event: RegistryEvent): void {
    this.#last = Math.max(this.#last, event.seq);
    if (this.#gathered.length < longestGathering) this.#gathered.push(event);
    if (this.#timer !== undefined) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = undefined;
      const events = this.#gathered.splice(0);
      for (const listener of this.#listeners) listener(events);
    }, gatheredFor);
  }
}
