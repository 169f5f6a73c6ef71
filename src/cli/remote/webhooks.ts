/** Operations on webhooks by the API. */
import {z} from 'zod';
import {
  listWebhookDeliveries,
  resendDelivery,
  showDelivery,
  testWebhook,
} from '../../auth/administration/deliveries.ts';
import {
  addWebhook,
  changeWebhook,
  listAllWebhooks,
  removeWebhook,
  showWebhook,
} from '../../auth/administration/webhooks.ts';
import {
  deliveryAnswer,
  webhookAnswer,
  wholeDeliveryAnswer,
} from '../../http/api/present-webhook.ts';
import {Failure} from '../failure.ts';
import {remote} from './remote.ts';

type Action = 'push' | 'pull' | 'mount' | 'delete' | 'tag';

const toWebhook = ({
  actions,
  content_type: contentType,
  media_types: mediaTypes,
  username,
  has_password: hasPassword,
  has_secret: hasSecret,
  enabled: isEnabled,
  created_at: createdAt,
  ...same
}: z.output<typeof webhookAnswer>) => ({
  ...same,
  actions: actions as Action[],
  contentType,
  mediaTypes,
  ...(username === null ? {} : {username}),
  hasPassword,
  hasSecret,
  isEnabled,
  createdAt,
});

const bodyOf = ({
  contentType,
  mediaTypes,
  isEnabled,
  ...same
}: {
  readonly contentType?: string | undefined;
  readonly mediaTypes?: readonly string[] | undefined;
  readonly isEnabled?: boolean | undefined;
}) => ({...same, content_type: contentType, media_types: mediaTypes, enabled: isEnabled});

const toDelivery = (shown: z.output<typeof deliveryAnswer>) => ({
  id: shown.id,
  state: shown.state,
  action: shown.action,
  repository: shown.repository,
  attempts: shown.attempts,
  createdAt: shown.created_at,
  ...(shown.due_at === null ? {} : {dueAt: shown.due_at}),
  ...(shown.finished_at === null ? {} : {finishedAt: shown.finished_at}),
  ...(shown.status === null ? {} : {status: shown.status}),
  ...(shown.problem === null ? {} : {problem: shown.problem}),
});

const page = z.object({deliveries: z.array(deliveryAnswer), next: z.string().nullable()});
const begun = z.object({delivery: z.string()});

export const remoteWebhooks = [
  remote(addWebhook, async (api, {namespace, ...wanted}) =>
    toWebhook(
      await api.ask(webhookAnswer, 'POST', ['namespaces', namespace, 'webhooks'], {
        body: bodyOf(wanted),
      }),
    ),
  ),
  remote(listAllWebhooks, async (api, {namespace}) => {
    if (namespace === undefined) {
      throw new Failure('by the API the webhooks of one namespace are listed: give --namespace', {
        code: 2,
      });
    }
    const list = z.array(webhookAnswer);
    const found = await api.ask(list, 'GET', ['namespaces', namespace, 'webhooks']);
    return {webhooks: found.map(toWebhook), endpoints: []};
  }),
  remote(showWebhook, async (api, {id}) =>
    toWebhook(await api.ask(webhookAnswer, 'GET', ['webhooks', id])),
  ),
  remote(changeWebhook, async (api, {id, ...change}) =>
    toWebhook(await api.ask(webhookAnswer, 'PUT', ['webhooks', id], {body: bodyOf(change)})),
  ),
  remote(removeWebhook, async (api, {id}) => {
    const gone = toWebhook(await api.ask(webhookAnswer, 'GET', ['webhooks', id]));
    await api.ask(z.undefined(), 'DELETE', ['webhooks', id]);
    return gone;
  }),
  remote(testWebhook, async (api, {id}) => ({
    id: (await api.ask(begun, 'POST', ['webhooks', id, 'test'])).delivery,
  })),
  remote(listWebhookDeliveries, async (api, {id, state, after, limit = 100}) => {
    const query = {
      limit: String(limit),
      ...(state === undefined ? {} : {state}),
      ...(after === undefined ? {} : {after}),
    };
    const {deliveries, next} = await api.ask(page, 'GET', ['webhooks', id, 'deliveries'], {query});
    return {deliveries: deliveries.map(toDelivery), ...(next === null ? {} : {next})};
  }),
  remote(showDelivery, async (api, {id, delivery}) => {
    const path = ['webhooks', id, 'deliveries', delivery];
    const {request, response, ...shown} = await api.ask(wholeDeliveryAnswer, 'GET', path);
    return {
      ...toDelivery(shown),
      ...(request === null ? {} : {request}),
      ...(response === null ? {} : {response}),
    };
  }),
  remote(resendDelivery, async (api, {id, delivery}) => {
    const path = ['webhooks', id, 'deliveries', delivery, 'resend'];
    return {id: (await api.ask(begun, 'POST', path)).delivery};
  }),
];
