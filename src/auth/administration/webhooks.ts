/** Operations on the webhooks of namespaces. */
import {z} from 'zod';
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  configuredKey,
  updateWebhook,
  type Webhook,
} from '../../metadata/events/webhooks.ts';
import {changing} from '../../metadata/revisions.ts';
import type {Account} from '../caller.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {anyNamespaceName} from './fields.ts';
import {requireNamespace} from './find.ts';
import {change, question} from './operation.ts';
import {ownsNamespace} from './ownership.ts';
import type {About} from './record.ts';
import {UnknownName} from './unknown-name.ts';
import {
  toWebhookAnswer,
  webhookAnswer,
  webhookName,
  webhookSettings,
  webhookShape,
} from './webhook-fields.ts';

const mostOfNamespace = 50;

const mayCreate = ownsNamespace('createWebhooks');
const mayManage = ownsNamespace('manageWebhooks');
const managing =
  'only owners of its team may do that, where permissions.manageWebhooks lets them, and admins';

export const webhookId = z.string('must be text').min(1).max(80);

/** Of webhooks that are there. */
export const byOwners = {
  isOwn: async (account: Account, {id}: {readonly id: string}, context: AdministrationContext) => {
    const webhook = await findWebhook(context.db, id);
    return webhook !== undefined && mayManage(context, account, webhook.namespace);
  },
  denial: managing,
};

export async function requireWebhook(
  {db}: Pick<AdministrationContext, 'db'>,
  id: string,
): Promise<Webhook> {
  const found = await findWebhook(db, id);
  if (found) return found;
  throw new UnknownName('webhook', id);
}

/** By its name, and in its namespace. */
export async function aboutWebhook(
  {id}: {readonly id: string},
  db: AdministrationContext['db'],
): Promise<About> {
  const found = await findWebhook(db, id);
  return {subject: found?.name ?? id, subjectId: id, namespace: found?.namespace};
}

export const addWebhook = change(
  'webhook create',
  {
    input: z.strictObject({...webhookShape, namespace: anyNamespaceName, name: webhookName}),
    output: webhookAnswer,
    isOwn: async (account, {namespace}, context) => mayCreate(context, account, namespace),
    denial:
      'only owners of its team may do that, where permissions.createWebhooks lets them, and admins',
    // Neither the address nor what is sent along: there may be secrets in them.
    records: {key: 'webhook.create', about: ({namespace, name}) => ({subject: name, namespace})},
  },
  async (context, {namespace: called, ...wanted}) => {
    const {db, now, config} = context;
    const {allowedTargets} = config.notifications;
    const settings = webhookSettings(wanted, {allowedTargets});
    const namespace = await requireNamespace(db, called);
    const id = await changing(db, async (turn) => {
      if ((await countWebhooks(turn, namespace.id)) >= mostOfNamespace) {
        throw new AdministrationError(
          'refused',
          `a namespace may have ${mostOfNamespace} webhooks: delete one of them first`,
        );
      }
      return {made: await insertWebhook(turn, namespace.id, {settings, now: now().getTime()})};
    });
    return toWebhookAnswer(await requireWebhook(context, id.made));
  },
);

const endpointAnswer = z.object({
  /** As `webhook deliveries` takes it. */
  id: z.string(),
  url: z.string(),
  actions: z.array(z.string()),
  isEnabled: z.boolean(),
});

export const listAllWebhooks = question(
  'webhook list',
  {
    input: z.strictObject({namespace: anyNamespaceName.optional()}),
    output: z.object({
      webhooks: z.array(webhookAnswer),
      /** Of the configuration, where no namespace is named. */
      endpoints: z.array(endpointAnswer),
    }),
    isOwn: async (account, {namespace}, context) =>
      namespace !== undefined && (await mayManage(context, account, namespace)),
    denial: managing,
  },
  async ({db, config}, {namespace: called}) => {
    const namespaceId = called === undefined ? undefined : (await requireNamespace(db, called)).id;
    const webhooks = (await listWebhooks(db, {namespaceId})).map(toWebhookAnswer);
    const configured = called === undefined ? config.notifications.endpoints : [];
    const endpoints = configured.map(({name, url, actions, enabled: isEnabled}) => ({
      id: configuredKey(name),
      url,
      actions: [...actions],
      isEnabled,
    }));
    return {webhooks, endpoints};
  },
);

const one = z.strictObject({id: webhookId});

export const showWebhook = question(
  'webhook show',
  {input: one, output: webhookAnswer, ...byOwners},
  async (context, {id}) => toWebhookAnswer(await requireWebhook(context, id)),
);

export const changeWebhook = change(
  'webhook change',
  {
    input: one.extend({...webhookShape, name: webhookName.optional()}),
    output: webhookAnswer,
    ...byOwners,
    records: {
      key: ({isEnabled}) =>
        isEnabled === undefined
          ? 'webhook.update'
          : isEnabled
            ? 'webhook.enabled'
            : 'webhook.disabled',
      about: aboutWebhook,
      details: ({id: _, ...given}) => ({changed: Object.keys(given)}),
    },
  },
  async (context, {id, ...news}) => {
    const {db, config} = context;
    const {allowedTargets} = config.notifications;
    await changing(db, async (turn) => {
      const former = await requireWebhook({db: turn}, id);
      const wanted = {...news, name: news.name ?? former.name};
      return updateWebhook(turn, id, webhookSettings(wanted, {former, allowedTargets}));
    });
    return toWebhookAnswer(await requireWebhook(context, id));
  },
);

export const removeWebhook = change(
  'webhook delete',
  {
    input: one,
    output: webhookAnswer,
    ...byOwners,
    records: {key: 'webhook.destroy', about: aboutWebhook},
  },
  async (context, {id}) => {
    const webhook = await requireWebhook(context, id);
    if (!(await deleteWebhook(context.db, id))) throw new UnknownName('webhook', id);
    return toWebhookAnswer(webhook);
  },
);
