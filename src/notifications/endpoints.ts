/** All who are told of events, as they are at present. */
import type {Config} from '../config/schema.ts';
import type {Database} from '../metadata/database.ts';
import type {Event} from '../metadata/events/event.ts';
import {listWebhooks} from '../metadata/events/webhooks.ts';
import {findNamespacesOf} from '../metadata/namespaces.ts';
import {readRevision} from '../metadata/revisions.ts';
import {configuredEndpoint, type Endpoint, type Wanted, webhookEndpoint} from './endpoint.ts';

type Db = Database['db'];

interface OfNamespace {
  readonly endpoint: Endpoint;
  readonly namespaceId: string;
}

export class Endpoints {
  readonly #db: Db;
  readonly #timeout: number;
  readonly #configured: readonly Endpoint[];
  #webhooks: readonly OfNamespace[] = [];
  #revision = -1;

  constructor(db: Db, {endpoints, timeout}: Config['notifications']) {
    this.#db = db;
    this.#timeout = timeout;
    this.#configured = endpoints.map(configuredEndpoint);
  }

  /** As old as the question. */
  async refresh(): Promise<void> {
    const revision = await readRevision(this.#db);
    if (revision === this.#revision) return;
    const webhooks = await listWebhooks(this.#db);
    this.#webhooks = webhooks.map((webhook) => ({
      endpoint: webhookEndpoint(webhook, this.#timeout),
      namespaceId: webhook.namespaceId,
    }));
    this.#revision = revision;
  }

  all(): readonly Endpoint[] {
    return [...this.#configured, ...this.#webhooks.map(({endpoint}) => endpoint)];
  }

  find(key: string): Endpoint | undefined {
    return this.all().find((each) => each.key === key);
  }

  /** Whether anybody may want one like it. */
  wantsAny(event: Wanted): boolean {
    return this.all().some((endpoint) => endpoint.wants(event));
  }

  /** The keys of those that want it: of a namespace's webhooks those alone to whose namespace it belongs. */
  async wantedBy(db: Db, event: Event): Promise<readonly string[]> {
    const configured = this.#configured.filter((endpoint) => endpoint.wants(event));
    const possible = this.#webhooks.filter(({endpoint}) => endpoint.wants(event));
    const [namespace] = possible.length > 0 ? await findNamespacesOf(db, event.repository) : [];
    const own = possible.filter(({namespaceId}) => namespaceId === namespace?.id);
    return [...configured, ...own.map(({endpoint}) => endpoint)].map(({key}) => key);
  }
}
