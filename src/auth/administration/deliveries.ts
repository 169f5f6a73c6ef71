/** Operations on what webhooks were sent, and what they answered. */
import {randomUUID} from 'node:crypto';
import {z} from 'zod';
import {
  type Delivery,
  findDelivery,
  insertTrial,
  listDeliveries,
  sendAgain,
} from '../../metadata/events/deliveries.ts';
import {configuredKey, endpointOf} from '../../metadata/events/webhooks.ts';
import {parseRepositoryName} from '../../oci/name.ts';
import type {AdministrationContext} from './context.ts';
import {time, timeText} from './fields.ts';
import {change, question} from './operation.ts';
import {UnknownName} from './unknown-name.ts';
import {aboutWebhook, byOwners, requireWebhook, webhookId} from './webhooks.ts';

const states = ['waiting', 'delivered', 'failed', 'dropped'] as const;
const mostOfPage = 200;

const deliveryAnswer = z.object({
  id: z.string(),
  state: z.enum(states),
  action: z.string(),
  repository: z.string(),
  attempts: z.number(),
  createdAt: time,
  /** Of one that waits: not before. */
  dueAt: time.optional(),
  finishedAt: time.optional(),
  /** Of the last answer. */
  status: z.number().optional(),
  /** Why the last attempt failed. */
  problem: z.string().optional(),
});

const sentMessage = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: z.string(),
  /** Events that were sent in one message with it. */
  together: z.number().optional(),
});
const answeredMessage = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export const wholeDelivery = deliveryAnswer.extend({
  request: sentMessage.optional(),
  response: answeredMessage.optional(),
});

const toAnswer = (delivery: Delivery): z.output<typeof deliveryAnswer> => ({
  id: delivery.id,
  state: delivery.state,
  action: delivery.action,
  repository: delivery.repository,
  attempts: delivery.attempts,
  createdAt: timeText(delivery.createdAt),
  ...(delivery.state === 'waiting' ? {dueAt: timeText(delivery.dueAt)} : {}),
  ...(delivery.finishedAt === undefined ? {} : {finishedAt: timeText(delivery.finishedAt)}),
  ...(delivery.status === undefined ? {} : {status: delivery.status}),
  ...(delivery.problem === undefined ? {} : {problem: delivery.problem}),
});

const parsed = <T extends z.ZodType>(
  schema: T,
  text: string | undefined,
): z.output<T> | undefined => (text === undefined ? undefined : schema.parse(JSON.parse(text)));

/** Or that of an endpoint of the configuration, `endpoint:NAME`, for which admins alone ask. */
const ofWebhook = z.strictObject({id: webhookId});

async function requireReceiver(
  context: AdministrationContext,
  id: string,
): Promise<{readonly key: string; readonly namespace: string}> {
  const {endpoints} = context.config.notifications;
  if (endpoints.some(({name}) => configuredKey(name) === id)) return {key: id, namespace: ''};
  const {namespace} = await requireWebhook(context, id);
  return {key: endpointOf(id), namespace};
}

/** The newest first. */
export const listWebhookDeliveries = question(
  'webhook deliveries',
  {
    input: ofWebhook.extend({
      state: z.enum(states).optional(),
      after: z.string().max(64).optional(),
      limit: z.int().min(1).max(mostOfPage).default(100),
    }),
    output: z.object({deliveries: z.array(deliveryAnswer), next: z.string().optional()}),
    ...byOwners,
  },
  async (context, {id, ...page}) => {
    const {key} = await requireReceiver(context, id);
    const found = await listDeliveries(context.db, key, page);
    const next = found.length === page.limit ? found.at(-1)?.id : undefined;
    return {deliveries: found.map(toAnswer), ...(next === undefined ? {} : {next})};
  },
);

const oneDelivery = ofWebhook.extend({delivery: z.string().min(1).max(64)});

async function requireDelivery(
  context: AdministrationContext,
  {id, delivery}: z.output<typeof oneDelivery>,
): Promise<Delivery> {
  const {key} = await requireReceiver(context, id);
  const found = await findDelivery(context.db, delivery);
  if (found?.endpoint === key) return found;
  throw new UnknownName('delivery', delivery);
}

export const showDelivery = question(
  'webhook delivery',
  {input: oneDelivery, output: wholeDelivery, ...byOwners},
  async (context, wanted) => {
    const found = await requireDelivery(context, wanted);
    return {
      ...toAnswer(found),
      request: parsed(sentMessage, found.request),
      response: parsed(answeredMessage, found.response),
    };
  },
);

/** The same event once more, as a delivery of its own; the former one stays as it is. */
export const resendDelivery = change(
  'webhook resend',
  {
    input: oneDelivery,
    output: z.object({id: z.string()}),
    ...byOwners,
    records: {
      key: 'webhook.resend',
      about: aboutWebhook,
      details: ({delivery}) => ({delivery}),
    },
  },
  async (context, wanted) => {
    const found = await requireDelivery(context, wanted);
    const id = await sendAgain(context.db, found, context.now().getTime());
    return {id};
  },
);

/** One event of the action `test`, which is tried once. */
export const testWebhook = change(
  'webhook test',
  {
    input: ofWebhook,
    output: z.object({id: z.string()}),
    ...byOwners,
    records: {key: 'webhook.test', about: aboutWebhook},
  },
  async (context, {id}) => {
    const {key, namespace} = await requireReceiver(context, id);
    const now = context.now().getTime();
    const repository = parseRepositoryName(namespace === '' ? 'test' : `${namespace}/test`);
    const happening = {action: 'push', object: 'repository', repository, at: now} as const;
    const event = {...happening, id: randomUUID(), seq: 0, actor: undefined};
    const trial = await insertTrial(context.db, key, {event, now});
    return {id: trial};
  },
);
