/** What is sent to an endpoint: headers and body. */
import {createHash, createHmac} from 'node:crypto';
import type {Delivery} from '../metadata/events/deliveries.ts';
import type {Event} from '../metadata/events/event.ts';
import {
  distributionEvent,
  envelopeType,
  type Reference,
  type Source,
} from './distribution-event.ts';
import type {Endpoint} from './endpoint.ts';

export interface Message {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

interface Told {
  /** Its `action` is `test` for a trial; its id is the same however often it is sent. */
  readonly delivery: Pick<Delivery, 'id' | 'action'>;
  readonly event: Event;
  readonly references?: readonly Reference[];
}

/** What this program calls itself to receivers. */
export const ownAgent = 'holdfast-webhook';
/** In the headers of what is kept and shown. */
const hidden = '(hidden)';

/** Of several where the endpoint's format has room for them. */
export function messageFor(
  endpoint: Endpoint,
  told: readonly Told[],
  {source, now}: {readonly source: Source; readonly now: Date},
): Message {
  const {type, body} = bodyFor(endpoint, told, source);
  const id = idOf(told.map(({delivery}) => delivery.id));
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const own = {
    'content-type': type,
    'user-agent': ownAgent,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(endpoint.secret === undefined
      ? {}
      : {'webhook-signature': signature(endpoint.secret, `${id}.${timestamp}.${body}`)}),
    ...authorization(endpoint),
  };
  const given = Map.groupBy(endpoint.headers, ([name]) => name.toLowerCase());
  const theirs = [...given].map(
    ([name, values]) => [name, values.map(([, value]) => value)] as const,
  );
  return {headers: {...own, ...Object.fromEntries(theirs)}, body};
}

/** Names of headers tell nothing; what is given with them may be a secret. */
export function shownHeaders({headers}: Message, endpoint: Endpoint): Message['headers'] {
  const given = new Set(endpoint.headers.map(([name]) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name === 'authorization' || given.has(name) ? hidden : value,
    ]),
  );
}

/** The same for the same deliveries. */
function idOf(ids: readonly string[]): string {
  const [first = '', ...others] = ids;
  if (others.length === 0) return first;
  return createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 32);
}

export function bodyFor(
  {format, contentType}: Endpoint,
  told: readonly Told[],
  source: Source,
): {readonly type: string; readonly body: string} {
  const events = told.map(({event, delivery: {action}, references}) => ({
    ...distributionEvent(event, source, references),
    ...(action === 'test' ? {action} : {}),
  }));
  const [first] = told;
  switch (format) {
    case 'event':
      // Portus has sent JSON under either name.
      return {
        type: contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
        body: JSON.stringify(events[0]),
      };
    case 'distribution':
      return {type: envelopeType, body: JSON.stringify({events})};
    case 'cloudevents':
      return {
        type: 'application/cloudevents+json; charset=utf-8',
        body: JSON.stringify(first && cloudEvent(first, events[0] ?? {}, source)),
      };
  }
}

/** CloudEvents 1.0, in its JSON form. */
function cloudEvent({event, delivery: {action}}: Told, data: object, source: Source) {
  const {id, at, object, repository, digest, tag} = event;
  const subject = tag ? `${repository}:${tag}` : digest ? `${repository}@${digest}` : repository;
  return {
    specversion: '1.0',
    id,
    source: source.externalUrl ?? `//${source.addr}`,
    type: `holdfast.${object}.${action}`,
    subject,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}

function authorization({username, password}: Endpoint): {readonly authorization?: string} {
  if (username === undefined || password === undefined) return {};
  return {authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`};
}

/** As Standard Webhooks says; a secret in their form, `whsec_` and base64, is the bytes that it stands for. */
export function signature(secret: string, signed: string): string {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
