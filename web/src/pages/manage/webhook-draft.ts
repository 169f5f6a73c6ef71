/** A webhook while somebody changes it. What can't be read again stays as it is as long as nothing is typed. */
import type {Webhook} from '../../api/types.ts';
import type {paths} from '../../api/generated.js';

export type NewWebhook =
  paths['/namespaces/{id}/webhooks']['post']['requestBody']['content']['application/json'];
type Action = NonNullable<NewWebhook['actions']>[number];

interface HeaderDraft {
  /** Of the row. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
  /** It has a value already. */
  readonly isKept: boolean;
}

export interface WebhookDraft {
  readonly name: string;
  readonly url: string;
  readonly method: Webhook['method'];
  readonly format: Webhook['format'];
  readonly contentType: Webhook['content_type'];
  readonly actions: readonly string[];
  readonly repositories: readonly string[];
  readonly mediaTypes: readonly string[];
  readonly headers: readonly HeaderDraft[];
  readonly username: string;
  readonly password: string;
  readonly hasPassword: boolean;
  readonly secret: string;
  readonly hasSecret: boolean;
  readonly isWithoutSecret: boolean;
  readonly isEnabled: boolean;
}

export const allActions = ['push', 'delete', 'pull', 'mount', 'tag'] as const satisfies Action[];

export const emptyDraft: WebhookDraft = {
  name: '',
  url: '',
  method: 'post',
  format: 'distribution',
  contentType: 'json',
  actions: ['push', 'delete'],
  repositories: [],
  mediaTypes: [],
  headers: [],
  username: '',
  password: '',
  hasPassword: false,
  secret: '',
  hasSecret: false,
  isWithoutSecret: false,
  isEnabled: true,
};

export const draftOf = (webhook: Webhook): WebhookDraft => ({
  ...emptyDraft,
  name: webhook.name,
  url: webhook.url,
  method: webhook.method,
  format: webhook.format,
  contentType: webhook.content_type,
  actions: webhook.actions,
  repositories: webhook.repositories,
  mediaTypes: webhook.media_types,
  headers: webhook.headers.map((name, key) => ({key, name, value: '', isKept: true})),
  username: webhook.username ?? '',
  hasPassword: webhook.has_password,
  hasSecret: webhook.has_secret,
  isEnabled: webhook.enabled,
});

export function bodyOf(draft: WebhookDraft): NewWebhook {
  const isNamed = draft.username !== '';
  return {
    name: draft.name,
    url: draft.url.trim(),
    method: draft.method,
    format: draft.format,
    content_type: draft.contentType,
    actions: allActions.filter((action) => draft.actions.includes(action)),
    repositories: [...draft.repositories],
    media_types: [...draft.mediaTypes],
    headers: draft.headers
      .filter(({name}) => name.trim() !== '')
      .map(({name, value, isKept}) => ({
        name: name.trim(),
        ...(value === '' && isKept ? {} : {value}),
      })),
    username: isNamed ? draft.username : null,
    ...(isNamed ? (draft.password === '' ? {} : {password: draft.password}) : {password: null}),
    ...(draft.isWithoutSecret ? {secret: null} : draft.secret === '' ? {} : {secret: draft.secret}),
    enabled: draft.isEnabled,
  };
}
