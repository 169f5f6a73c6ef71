/** Who is told of events: a webhook of a namespace, or an endpoint of the configuration. */
import type {EndpointSettings} from '../config/notification-schema.ts';
import type {Event} from '../metadata/events/event.ts';
import {
  configuredKey,
  endpointOf,
  type Webhook,
  type WebhookFormat,
} from '../metadata/events/webhooks.ts';
import {isOneOf, mediaTypeMatcher, repositoryMatcher} from './patterns.ts';

/** What it is that somebody wants to be told of, or not. */
export type Wanted = Pick<Event, 'action' | 'object' | 'repository' | 'mediaType'>;

export interface Endpoint {
  /** By which the queue knows it. */
  readonly key: string;
  readonly name: string;
  readonly url: string;
  readonly method: 'get' | 'post';
  readonly contentType: 'json' | 'form';
  readonly format: WebhookFormat;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Signs what is sent. */
  readonly secret: string | undefined;
  /** In milliseconds, for an answer. */
  readonly timeout: number;
  readonly hasReferences: boolean;
  /** Whoever runs the host has named it: it may be anywhere. */
  readonly isTrusted: boolean;
  wants(event: Wanted): boolean;
}

/** What an endpoint wants, as far as the event tells: to which namespace it belongs is another question. */
export function webhookEndpoint(webhook: Webhook, timeout: number): Endpoint {
  const {actions, repositories, mediaTypes, namespace} = webhook;
  const isNamed = isOneOf(
    repositories.map((pattern) => repositoryMatcher(below(namespace, pattern))),
  );
  const isType = isOneOf(mediaTypes.map(mediaTypeMatcher));
  return {
    ...webhook,
    key: endpointOf(webhook.id),
    timeout,
    hasReferences: false,
    isTrusted: false,
    wants: ({action, object, repository, mediaType}) =>
      webhook.isEnabled &&
      // What is said of an image is said of its manifest.
      object !== 'blob' &&
      actions.includes(action) &&
      (repositories.length === 0 || isNamed(repository)) &&
      (mediaTypes.length === 0 || mediaType === undefined || isType(mediaType)),
  };
}

export function configuredEndpoint(settings: EndpointSettings): Endpoint {
  const {name, actions, repositories, mediaTypes, ignoreMediaTypes} = settings;
  const isNamed = isOneOf(repositories.map(repositoryMatcher));
  const isType = isOneOf(mediaTypes.map(mediaTypeMatcher));
  const isIgnored = isOneOf(ignoreMediaTypes.map(mediaTypeMatcher));
  const headers = Object.entries(settings.headers).flatMap(([header, values]) =>
    [values].flat().map((value) => [header, value] as const),
  );
  return {
    key: configuredKey(name),
    name,
    url: settings.url,
    method: settings.method,
    contentType: 'json',
    format: settings.format,
    headers,
    username: settings.username,
    password: settings.password,
    secret: settings.secret,
    timeout: settings.timeout,
    hasReferences: settings.references,
    isTrusted: true,
    wants: ({action, repository, mediaType}) =>
      settings.enabled &&
      actions.includes(action) &&
      (repositories.length === 0 || isNamed(repository)) &&
      (mediaType === undefined ||
        ((mediaTypes.length === 0 || isType(mediaType)) && !isIgnored(mediaType))),
  };
}

/** Patterns of a webhook are those of names below its namespace. */
const below = (namespace: string, pattern: string): string =>
  namespace === '' ? pattern : `${namespace}/${pattern}`;
