/** What a webhook is made of, and what is told of one: never its password, its secret or what its headers say. */
import {z} from 'zod';
import {
  eventAction,
  headerName,
  headerValue,
  mediaTypePattern,
  repositoryPattern,
  webhookFormat,
} from '../../config/notification-schema.ts';
import {requireReachable, reachable, RefusedTarget} from '../../host/target-address.ts';
import type {Webhook, WebhookSettings} from '../../metadata/events/webhooks.ts';
import {AdministrationError} from './administration-error.ts';
import {line, time, timeText} from './fields.ts';
import {namespaceTitle} from './namespace-title.ts';

const mostHeaders = 20;
const mostPatterns = 50;

export const webhookName = line(255).refine((text) => text.trim() !== '', {
  message: 'must not be empty',
});

const url = z
  .string('must be text')
  .max(2000, 'must have at most 2000 characters')
  .refine((text) => {
    const parsed = URL.parse(text);
    return parsed !== null && ['http:', 'https:'].includes(parsed.protocol);
  }, 'must be a URL such as https://ci.example.org/hooks')
  .refine((text) => (URL.parse(text)?.username ?? '') === '', {
    message: 'must have no name and password in it: give them by themselves',
  });

const header = z.strictObject({
  name: headerName,
  /** Absent in a change: as it was. */
  value: headerValue.optional(),
});

/** Each may be left out: then it is what is usual, or stays as it was. Null: none any more. */
export const webhookShape = {
  url: url.optional(),
  method: z.enum(['post', 'get']).optional(),
  contentType: z.enum(['json', 'form']).optional(),
  format: webhookFormat.optional(),
  actions: z.array(eventAction).min(1, 'must have one at least').max(5).optional(),
  repositories: z.array(repositoryPattern).max(mostPatterns).optional(),
  mediaTypes: z.array(mediaTypePattern).max(mostPatterns).optional(),
  headers: z.array(header).max(mostHeaders).optional(),
  username: z.string().min(1).max(255).nullable().optional(),
  password: z.string().min(1).max(1024).nullable().optional(),
  secret: z.string().min(16, 'must have at least 16 characters').max(255).nullable().optional(),
  isEnabled: z.boolean().optional(),
};

export type WebhookChange = z.output<z.ZodObject<typeof webhookShape>>;

export const webhookAnswer = z.object({
  id: z.string(),
  namespace: z.string(),
  name: z.string(),
  url: z.string(),
  method: z.enum(['post', 'get']),
  contentType: z.enum(['json', 'form']),
  format: webhookFormat,
  actions: z.array(eventAction),
  repositories: z.array(z.string()),
  mediaTypes: z.array(z.string()),
  /** Names alone. */
  headers: z.array(z.string()),
  username: z.string().optional(),
  hasPassword: z.boolean(),
  hasSecret: z.boolean(),
  isEnabled: z.boolean(),
  createdAt: time,
});

export const toWebhookAnswer = (webhook: Webhook): z.output<typeof webhookAnswer> => ({
  id: webhook.id,
  namespace: namespaceTitle(webhook.namespace),
  name: webhook.name,
  url: webhook.url,
  method: webhook.method,
  contentType: webhook.contentType,
  format: webhook.format,
  actions: [...webhook.actions],
  repositories: [...webhook.repositories],
  mediaTypes: [...webhook.mediaTypes],
  headers: webhook.headers.map(([name]) => name),
  ...(webhook.username === undefined ? {} : {username: webhook.username}),
  hasPassword: webhook.password !== undefined,
  hasSecret: webhook.secret !== undefined,
  isEnabled: webhook.isEnabled,
  createdAt: timeText(webhook.createdAt),
});

const usual: Omit<WebhookSettings, 'name' | 'url'> = {
  username: undefined,
  password: undefined,
  method: 'post',
  contentType: 'json',
  headers: [],
  isEnabled: true,
  format: 'distribution',
  actions: ['push', 'delete'],
  repositories: [],
  mediaTypes: [],
  secret: undefined,
};

/** Throws an AdministrationError where they do not fit together, or lead where nobody may be told anything. */
export function webhookSettings(
  change: WebhookChange & Pick<WebhookSettings, 'name'>,
  {
    former,
    allowedTargets,
  }: {readonly former?: WebhookSettings | undefined; readonly allowedTargets: readonly string[]},
): WebhookSettings {
  const before = former ?? {...usual, name: change.name, url: ''};
  const settings = {
    name: change.name,
    url: change.url ?? before.url,
    method: change.method ?? before.method,
    contentType: change.contentType ?? before.contentType,
    format: change.format ?? before.format,
    actions: change.actions ?? before.actions,
    repositories: change.repositories ?? before.repositories,
    mediaTypes: change.mediaTypes ?? before.mediaTypes,
    headers: change.headers ? headersOf(change.headers, before.headers) : before.headers,
    username: kept(change.username, before.username),
    password: kept(change.password, before.password),
    secret: kept(change.secret, before.secret),
    isEnabled: change.isEnabled ?? before.isEnabled,
  };
  if (settings.url === '') fault('url', 'must be given');
  if ((settings.username === undefined) !== (settings.password === undefined)) {
    fault('password', 'and username go together: give both or none');
  }
  requireTarget(settings.url, allowedTargets);
  return settings;
}

const kept = <T>(change: T | null | undefined, before: T | undefined): T | undefined =>
  change === undefined ? before : (change ?? undefined);

function headersOf(
  wanted: NonNullable<WebhookChange['headers']>,
  before: WebhookSettings['headers'],
): WebhookSettings['headers'] {
  return wanted.map(({name, value}) => {
    const known = before.find(([former]) => former.toLowerCase() === name.toLowerCase())?.[1];
    return [name, value ?? known ?? fault('headers', `of the name ${name} has no value`)] as const;
  });
}

/** An address that is written there; a name is looked up each time something is sent. */
function requireTarget(text: string, allowedTargets: readonly string[]): void {
  try {
    requireReachable(new URL(text).hostname, reachable(allowedTargets));
  } catch (error) {
    if (!(error instanceof RefusedTarget)) throw error;
    fault('url', error.message);
  }
}

function fault(field: string, message: string): never {
  throw new AdministrationError('invalid', [{field, message}]);
}
