/** Who is told of what happens in a namespace. */
import {randomUUID} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import type {WebhooksTable} from '../imported-schema.ts';
import {changing} from '../revisions.ts';
import type {Schema} from '../schema.ts';
import {deleteDeliveriesOf} from './deliveries.ts';
import type {EventAction} from './event.ts';

export type WebhookFormat = 'event' | 'distribution' | 'cloudevents';

/** Secrets and all: never to be shown. */
export interface Webhook {
  readonly id: string;
  readonly namespace: string;
  readonly namespaceId: string;
  readonly name: string;
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly method: 'get' | 'post';
  readonly contentType: 'json' | 'form';
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly isEnabled: boolean;
  /** In ms. */
  readonly createdAt: number;
  readonly format: WebhookFormat;
  readonly actions: readonly EventAction[];
  /** Patterns of repositories below the namespace; none: all. */
  readonly repositories: readonly string[];
  /** None: all. */
  readonly mediaTypes: readonly string[];
  readonly secret: string | undefined;
}

export type WebhookSettings = Omit<Webhook, 'id' | 'namespace' | 'namespaceId' | 'createdAt'>;

/** What Portus told. */
const usualActions: readonly EventAction[] = ['push', 'delete'];

/** By which the queue knows them: webhooks, and endpoints of the configuration. */
export const endpointOf = (id: string): string => `webhook:${id}`;
export const configuredKey = (name: string): string => `endpoint:${name}`;

/** Of one namespace, or all; those that are switched off, too. */
export async function listWebhooks(
  db: Kysely<Schema>,
  {namespaceId}: {readonly namespaceId?: string | undefined} = {},
): Promise<readonly Webhook[]> {
  let query = selectWebhooks(db);
  if (namespaceId !== undefined) query = query.where('namespace_id', '=', namespaceId);
  return (await query.orderBy('webhooks.created_at').orderBy('webhooks.id').execute()).map(
    webhookOf,
  );
}

export async function findWebhook(db: Kysely<Schema>, id: string): Promise<Webhook | undefined> {
  const row = await selectWebhooks(db).where('webhooks.id', '=', id).executeTakeFirst();
  return row && webhookOf(row);
}

export async function countWebhooks(db: Kysely<Schema>, namespaceId: string): Promise<number> {
  const {count} = await db
    .selectFrom('webhooks')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('namespace_id', '=', namespaceId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Answers its id. */
export async function insertWebhook(
  db: Kysely<Schema>,
  namespaceId: string,
  {settings, now}: {readonly settings: WebhookSettings; readonly now: number},
): Promise<string> {
  const id = randomUUID();
  await changing(db, async (turn) => {
    const row = {id, namespace_id: namespaceId, ...rowOf(settings), created_at: now};
    await turn.insertInto('webhooks').values(row).execute();
    return true;
  });
  return id;
}

/** False: there is none. */
export async function updateWebhook(
  db: Kysely<Schema>,
  id: string,
  settings: WebhookSettings,
): Promise<boolean> {
  return changing(db, async (turn) => {
    const {numUpdatedRows} = await turn
      .updateTable('webhooks')
      .set(rowOf(settings))
      .where('id', '=', id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  });
}

/** With what it had been sent. False: there was none. */
export async function deleteWebhook(db: Kysely<Schema>, id: string): Promise<boolean> {
  return changing(db, async (turn) => {
    await deleteDeliveriesOf(turn, endpointOf(id));
    const {numDeletedRows} = await turn
      .deleteFrom('webhooks')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

const selectWebhooks = (db: Kysely<Schema>) =>
  db
    .selectFrom('webhooks')
    .innerJoin('namespaces', 'namespaces.id', 'webhooks.namespace_id')
    .selectAll('webhooks')
    .select('namespaces.name as namespace');

const listText = (list: readonly unknown[]): string | null =>
  list.length === 0 ? null : JSON.stringify(list);

function rowOf(settings: WebhookSettings) {
  return {
    name: settings.name,
    url: settings.url,
    username: settings.username ?? null,
    password: settings.password ?? null,
    method: settings.method,
    content_type: settings.contentType,
    headers: JSON.stringify(settings.headers),
    is_enabled: Number(settings.isEnabled),
    format: settings.format,
    actions: JSON.stringify(settings.actions),
    repositories: listText(settings.repositories),
    media_types: listText(settings.mediaTypes),
    secret: settings.secret ?? null,
  };
}

/** Written here, or by the import. */
const listOf = (text: string | null): readonly never[] =>
  text === null ? [] : (JSON.parse(text) as readonly never[]);

const webhookOf = (row: Selectable<WebhooksTable> & {readonly namespace: string}): Webhook => ({
  id: row.id,
  namespace: row.namespace,
  namespaceId: row.namespace_id,
  name: row.name,
  url: row.url,
  username: row.username ?? undefined,
  password: row.password ?? undefined,
  method: row.method,
  contentType: row.content_type,
  headers: listOf(row.headers),
  isEnabled: row.is_enabled === 1,
  createdAt: row.created_at,
  format: row.format ?? 'event',
  actions: row.actions === null ? usualActions : listOf(row.actions),
  repositories: listOf(row.repositories),
  mediaTypes: listOf(row.media_types),
  secret: row.secret ?? undefined,
});
