/** Portus' webhooks, with their passwords and headers: what is sent is as secret as it was there. */
import {randomUUID} from 'node:crypto';
import type {Selectable} from 'kysely';
import type {WebhooksTable} from '../imported-schema.ts';
import {insertAll} from '../batches.ts';
import type {Moving} from './moving.ts';
import {lineOf} from './names.ts';
import type {MovedNamespaces} from './namespaces.ts';

export async function moveWebhooks(moving: Moving, namespaces: MovedNamespaces): Promise<void> {
  const {db, portus, findings, tally, ledger, now} = moving;
  const headers = headersOf(moving);
  const rows: Selectable<WebhooksTable>[] = [];
  for (const webhook of portus.webhooks) {
    const {id, url, namespaceId = -1} = webhook;
    const namespace = namespaces.get(namespaceId);
    if (ledger.find('webhook', id) !== undefined) {
      tally.add('webhooks', 'before');
      continue;
    }
    if (namespace === undefined || !isWebAddress(url)) {
      tally.add('webhooks', 'left');
      findings.add('webhook', lineOf(webhook.name));
      continue;
    }
    const key = randomUUID();
    ledger.note('webhook', id, key);
    tally.add('webhooks', 'taken');
    rows.push({
      id: key,
      namespace_id: namespace.id,
      name: lineOf(webhook.name),
      url,
      username: webhook.username ?? null,
      password: webhook.password ?? null,
      method: webhook.method,
      content_type: webhook.contentType,
      headers: JSON.stringify(headers.get(id) ?? []),
      is_enabled: Number(webhook.isEnabled),
      created_at: webhook.createdAt ?? now,
      // As Portus sent it, and of what it told.
      format: null,
      actions: null,
      repositories: null,
      media_types: null,
      secret: null,
    });
  }
  await insertAll(db, 'webhooks', rows);
}

function isWebAddress(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return text.length <= 2000 && (protocol === 'http:' || protocol === 'https:');
}

type Header = readonly [name: string, value: string];

function headersOf({portus, findings}: Moving): ReadonlyMap<number, readonly Header[]> {
  const headers = new Map<number, Header[]>();
  for (const {webhookId, name, value} of portus.headers) {
    if (!isHeader(name, value)) {
      findings.add('webhook-header', lineOf(name));
      continue;
    }
    const own = headers.get(webhookId) ?? [];
    own.push([name, value]);
    headers.set(webhookId, own);
  }
  return headers;
}

/** RFC 9110: what would end the header, or begin another, is none. */
const isHeader = (name: string, value: string): boolean =>
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,255}$/.test(name) && /^[\t\x20-\x7E\x80-\xFF]*$/.test(value);
