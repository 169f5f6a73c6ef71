/** Webhooks and deliveries as the API shows and takes them. */
import {z} from 'zod';
import type {wholeDelivery} from '../../auth/administration/deliveries.ts';
import {
  type webhookAnswer as administered,
  type WebhookChange,
  webhookName,
  webhookShape,
} from '../../auth/administration/webhook-fields.ts';
import {time} from './fields.ts';

export const webhookAnswer = z
  .strictObject({
    id: z.string(),
    namespace: z.string(),
    name: z.string(),
    url: z.string(),
    method: z.enum(['post', 'get']),
    content_type: z.enum(['json', 'form']).describe('Of the format event alone.'),
    format: z
      .enum(['event', 'distribution', 'cloudevents'])
      .describe(
        'One event as Portus sent it, a list of them as Distribution does, or CloudEvents.',
      ),
    actions: z.array(z.string()),
    repositories: z.array(z.string()).describe('Patterns below the namespace; none: all.'),
    media_types: z.array(z.string()).describe('None: all.'),
    headers: z.array(z.string()).describe('Their names: what they say is not shown.'),
    username: z.string().nullable(),
    has_password: z.boolean(),
    has_secret: z.boolean(),
    enabled: z.boolean(),
    created_at: time,
  })
  .meta({id: 'Webhook', description: 'Who is told of what happens in a namespace.'});

export const presentWebhook = ({
  contentType,
  mediaTypes,
  username,
  hasPassword,
  hasSecret,
  isEnabled,
  createdAt,
  ...same
}: z.output<typeof administered>): z.output<typeof webhookAnswer> => ({
  ...same,
  content_type: contentType,
  media_types: mediaTypes,
  username: username ?? null,
  has_password: hasPassword,
  has_secret: hasSecret,
  enabled: isEnabled,
  created_at: createdAt,
});

const {contentType, mediaTypes, isEnabled, ...sameNames} = webhookShape;

/** Of one that is changed; what is left out stays, null takes it away. */
export const webhookBody = z.strictObject({
  ...sameNames,
  name: webhookName.optional(),
  content_type: contentType,
  media_types: mediaTypes,
  enabled: isEnabled,
});

export const wantedOf = ({
  content_type: type,
  media_types: types,
  enabled,
  ...same
}: z.output<typeof webhookBody>): WebhookChange => ({
  ...same,
  contentType: type,
  mediaTypes: types,
  isEnabled: enabled,
});

const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

export const deliveryAnswer = z
  .strictObject({
    id: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed', 'dropped']),
    action: z.string(),
    repository: z.string(),
    attempts: z.int(),
    created_at: time,
    due_at: time.nullable().describe('Of one that waits: not before.'),
    finished_at: time.nullable(),
    status: z.int().nullable().describe('Of the last answer.'),
    problem: z.string().nullable().describe('Why the last attempt failed.'),
  })
  .meta({id: 'WebhookDelivery', description: 'One event that a webhook is told of.'});

export const wholeDeliveryAnswer = deliveryAnswer
  .extend({
    request: z
      .strictObject({
        method: z.string(),
        url: z.string(),
        headers,
        body: z.string(),
        together: z
          .int()
          .optional()
          .describe('How many events were sent in one message; the body shows this one.'),
      })
      .nullable(),
    response: z
      .strictObject({
        status: z.int(),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
      })
      .nullable(),
  })
  .meta({id: 'WholeWebhookDelivery', description: 'With what was sent and answered, cut to size.'});

type Whole = z.output<typeof wholeDelivery>;

export const presentDelivery = (
  delivery: Omit<Whole, 'request' | 'response'>,
): z.output<typeof deliveryAnswer> => ({
  id: delivery.id,
  state: delivery.state,
  action: delivery.action,
  repository: delivery.repository,
  attempts: delivery.attempts,
  created_at: delivery.createdAt,
  due_at: delivery.dueAt ?? null,
  finished_at: delivery.finishedAt ?? null,
  status: delivery.status ?? null,
  problem: delivery.problem ?? null,
});

export const presentWholeDelivery = (delivery: Whole): z.output<typeof wholeDeliveryAnswer> => ({
  ...presentDelivery(delivery),
  request: delivery.request ?? null,
  response: delivery.response ?? null,
});
