/** What webhooks were sent, and what they answered. */
import {z} from 'zod';
import {
  listWebhookDeliveries,
  resendDelivery,
  showDelivery,
} from '../../../auth/administration/deliveries.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, idText} from '../fields.ts';
import type {PeopleOptions} from '../people.ts';
import {
  deliveryAnswer,
  presentDelivery,
  presentWholeDelivery,
  wholeDeliveryAnswer,
} from '../present-webhook.ts';

const ofWebhook = idParam('The id of the webhook.');
const byId = ofWebhook.extend({delivery_id: idText.describe('The id of the delivery.')});
const owners = 'Whoever may change the webhook.';

export const deliveries = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'deliveries-list',
    method: 'get',
    path: '/webhooks/:id/deliveries',
    summary: 'List what a webhook was sent, the newest first',
    who: 'person',
    rule: owners,
    params: ofWebhook,
    query: z.strictObject({
      state: z.enum(['waiting', 'delivered', 'failed', 'dropped']).optional(),
      after: idText.optional().describe('The last one of the page before.'),
      limit: z
        .string()
        .regex(/^(?:[1-9]\d?|1\d\d|200)$/, 'must be a number from 1 to 200')
        .prefault('50')
        .meta({type: 'integer', default: 50, maximum: 200}),
    }),
    answers: {
      200: {
        description: 'A page of them.',
        schema: z.strictObject({
          deliveries: z.array(deliveryAnswer),
          next: z.string().nullable().describe('For `after`; null: there are no more.'),
        }),
      },
    },
    handle: async ({asker, params, query: {limit, ...page}}) => {
      const wanted = {...params, ...page, limit: Number(limit)};
      const found = await listWebhookDeliveries.perform(context, accountOf(asker), wanted);
      const body = {deliveries: found.deliveries.map(presentDelivery), next: found.next ?? null};
      return {status: 200, body};
    },
  }),
  endpoint({
    name: 'deliveries-show',
    method: 'get',
    path: '/webhooks/:id/deliveries/:delivery_id',
    summary: 'Show a delivery with what was sent and answered',
    who: 'person',
    rule: owners,
    params: byId,
    answers: {200: {description: 'The delivery.', schema: wholeDeliveryAnswer}},
    handle: async ({asker, params: {id, delivery_id: delivery}}) => {
      const found = await showDelivery.perform(context, accountOf(asker), {id, delivery});
      return {status: 200, body: presentWholeDelivery(found)};
    },
  }),
  endpoint({
    name: 'deliveries-resend',
    method: 'post',
    path: '/webhooks/:id/deliveries/:delivery_id/resend',
    summary: 'Send the same event once more',
    who: 'person',
    rule: owners,
    params: byId,
    answers: {
      202: {description: 'It is on its way.', schema: z.strictObject({delivery: z.string()})},
    },
    handle: async ({asker, params: {id, delivery_id: delivery}}) => {
      const again = await resendDelivery.perform(context, accountOf(asker), {id, delivery});
      return {status: 202, body: {delivery: again.id}};
    },
  }),
];
