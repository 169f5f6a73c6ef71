/** Webhooks of namespaces: made, shown, changed, deleted and tried. */
import {z} from 'zod';
import {testWebhook} from '../../../auth/administration/deliveries.ts';
import {webhookName} from '../../../auth/administration/webhook-fields.ts';
import {
  addWebhook,
  changeWebhook,
  listAllWebhooks,
  removeWebhook,
  showWebhook,
} from '../../../auth/administration/webhooks.ts';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {namespaceTitle} from '../../../auth/administration/namespace-title.ts';
import type {Asker} from '../asker.ts';
import {edit} from '../edit.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, idText} from '../fields.ts';
import type {PeopleOptions} from '../people.ts';
import {presentWebhook, wantedOf, webhookAnswer, webhookBody} from '../present-webhook.ts';
import {findNamespaceFor, sightOf} from '../sight.ts';

const byId = idParam('The id of the webhook.');
const ofNamespace = idParam('The id or the name of the namespace.');
const owners =
  'Owners of the team of its namespace and admins may, as far as `permissions` lets owners.';

async function titleFor(context: AdministrationContext, asker: Asker, id: string): Promise<string> {
  const {name} = await findNamespaceFor(context, await sightOf(context, asker), id);
  return namespaceTitle(name);
}

const show = async (context: AdministrationContext, asker: Asker, id: string): Promise<object> =>
  presentWebhook(await showWebhook.perform(context, accountOf(asker), {id}));

export const webhooks = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'webhooks-list',
    method: 'get',
    path: '/namespaces/:id/webhooks',
    summary: 'List the webhooks of a namespace',
    who: 'person',
    rule: owners,
    params: ofNamespace,
    answers: {200: {description: 'All of them.', schema: z.array(webhookAnswer)}},
    handle: async ({asker, params}) => {
      const namespace = await titleFor(context, asker, params.id);
      const found = await listAllWebhooks.perform(context, accountOf(asker), {namespace});
      return {status: 200, body: found.webhooks.map(presentWebhook)};
    },
  }),
  endpoint({
    name: 'webhooks-create',
    method: 'post',
    path: '/namespaces/:id/webhooks',
    summary: 'Make a webhook',
    description:
      'Its password, its secret and what its headers say are not shown again. Private addresses are refused unless `notifications.allowedTargets` has them.',
    who: 'person',
    rule: owners,
    params: ofNamespace,
    body: webhookBody.extend({name: webhookName, url: idText.max(2000)}),
    answers: {201: {description: 'It is made.', schema: webhookAnswer}},
    handle: async ({asker, params, body}) => {
      const namespace = await titleFor(context, asker, params.id);
      const wanted = {...wantedOf(body), namespace};
      const made = await addWebhook.perform(context, accountOf(asker), wanted);
      return {status: 201, body: presentWebhook(made)};
    },
  }),
  endpoint({
    name: 'webhooks-show',
    method: 'get',
    path: '/webhooks/:id',
    summary: 'Show a webhook',
    who: 'person',
    rule: owners,
    params: byId,
    edits: true,
    answers: {200: {description: 'The webhook.', schema: webhookAnswer}},
    handle: async ({asker, params}) => ({
      status: 200,
      body: await show(context, asker, params.id),
    }),
  }),
  endpoint({
    name: 'webhooks-update',
    method: 'put',
    path: '/webhooks/:id',
    summary: 'Change a webhook',
    description:
      'What is left out stays as it is; null takes it away. A header without a value keeps the one it has.',
    who: 'person',
    rule: owners,
    params: byId,
    edits: true,
    body: webhookBody,
    answers: {200: {description: 'The webhook as it is now.', schema: webhookAnswer}},
    handle: async ({ctx, asker, params: {id}, body}) => {
      const edited = await edit(ctx, context, {
        current: async (within) => show(within, asker, id),
        change: async (within) => {
          await changeWebhook.perform(within, accountOf(asker), {...wantedOf(body), id});
        },
      });
      return {status: 200, body: edited};
    },
  }),
  endpoint({
    name: 'webhooks-delete',
    method: 'delete',
    path: '/webhooks/:id',
    summary: 'Delete a webhook with its deliveries',
    who: 'person',
    rule: owners,
    params: byId,
    answers: {204: {description: 'It is gone.'}},
    handle: async ({asker, params}) => {
      await removeWebhook.perform(context, accountOf(asker), params);
      return {status: 204};
    },
  }),
  endpoint({
    name: 'webhooks-test',
    method: 'post',
    path: '/webhooks/:id/test',
    summary: 'Send a webhook an event of the action test',
    description: 'It is tried once; what became of it is among the deliveries.',
    who: 'person',
    rule: owners,
    params: byId,
    answers: {
      202: {description: 'It is on its way.', schema: z.strictObject({delivery: z.string()})},
    },
    handle: async ({asker, params}) => {
      const {id} = await testWebhook.perform(context, accountOf(asker), params);
      return {status: 202, body: {delivery: id}};
    },
  }),
];
