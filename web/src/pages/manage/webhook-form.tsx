/** All that a webhook has, to be filled in; each field says what it is for. */
import {
  Button,
  Checkbox,
  Group,
  PasswordInput,
  Radio,
  SegmentedControl,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import {useState} from 'react';
import {Problem} from '../../api/problem.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {t} from '../../texts/texts.ts';
import {allActions, bodyOf, type NewWebhook, type WebhookDraft} from './webhook-draft.ts';
import {WebhookHeaders} from './webhook-headers.tsx';

const fields = [
  'name',
  'url',
  'method',
  'format',
  'content_type',
  'actions',
  'repositories',
  'media_types',
  'headers',
  'username',
  'password',
  'secret',
  'enabled',
] as const;
const formats = ['distribution', 'event', 'cloudevents'] as const;
const contentTypes = ['json', 'form'] as const;

export function WebhookForm({
  draft: begun,
  action,
  isPending,
  error,
  onSave,
  onCancel,
}: {
  readonly draft: WebhookDraft;
  /** What the button says. */
  readonly action: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSave: (body: NewWebhook) => void;
  readonly onCancel: () => void;
}) {
  const [draft, setDraft] = useState(begun);
  const set = (change: Partial<WebhookDraft>): void => {
    setDraft((former) => ({...former, ...change}));
  };
  const faults = error instanceof Problem ? error.byField() : {};
  const below = (field: (typeof fields)[number]): string | undefined =>
    Object.entries(faults).find(([name]) => name.split('.')[0] === field)?.[1];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave(bodyOf(draft));
      }}
    >
      <Stack maw={720}>
        <FormProblem error={error} fields={fields} />
        <TextInput
          required
          label={t('manage.webhooks.name')}
          description={t('manage.webhooks.means.name')}
          value={draft.name}
          error={below('name')}
          onChange={(event) => {
            set({name: event.currentTarget.value});
          }}
        />
        <TextInput
          required
          type="url"
          label={t('manage.webhooks.url')}
          description={t('manage.webhooks.means.url')}
          placeholder="https://ci.example.org/hooks"
          value={draft.url}
          error={below('url')}
          onChange={(event) => {
            set({url: event.currentTarget.value});
          }}
        />
        <Checkbox.Group
          label={t('manage.webhooks.actions')}
          description={t('manage.webhooks.means.actions')}
          value={[...draft.actions]}
          error={below('actions')}
          onChange={(actions) => {
            set({actions});
          }}
        >
          <Group mt="xs">
            {allActions.map((each) => (
              <Checkbox key={each} value={each} label={t(`manage.webhooks.kinds.${each}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <TagsInput
          label={t('manage.webhooks.repositories')}
          description={t('manage.webhooks.means.repositories')}
          placeholder="app, lib/*, lib/**"
          value={[...draft.repositories]}
          error={below('repositories')}
          acceptValueOnBlur
          onChange={(repositories) => {
            set({repositories});
          }}
        />
        <TagsInput
          label={t('manage.webhooks.mediaTypes')}
          description={t('manage.webhooks.means.mediaTypes')}
          placeholder="application/vnd.oci.image.manifest.v1+json"
          value={[...draft.mediaTypes]}
          error={below('media_types')}
          acceptValueOnBlur
          onChange={(mediaTypes) => {
            set({mediaTypes});
          }}
        />
        <Radio.Group
          label={t('manage.webhooks.format')}
          value={draft.format}
          error={below('format')}
          onChange={(chosen) => {
            const format = formats.find((each) => each === chosen);
            if (format) set({format});
          }}
        >
          <Stack gap="xs" mt="xs">
            {formats.map((each) => (
              <Radio
                key={each}
                value={each}
                label={t(`manage.webhooks.formats.${each}`)}
                description={t(`manage.webhooks.means.${each}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {draft.format === 'event' && (
          <Radio.Group
            label={t('manage.webhooks.contentType')}
            value={draft.contentType}
            error={below('content_type')}
            onChange={(chosen) => {
              const contentType = contentTypes.find((each) => each === chosen);
              if (contentType) set({contentType});
            }}
          >
            <Group mt="xs">
              <Radio value="json" label="application/json" />
              <Radio value="form" label="application/x-www-form-urlencoded" />
            </Group>
          </Radio.Group>
        )}
        <Stack gap={4} align="flex-start">
          <Text size="sm" fw={500} id="webhook-method">
            {t('manage.webhooks.method')}
          </Text>
          <SegmentedControl
            aria-labelledby="webhook-method"
            data={[
              {value: 'post', label: 'POST'},
              {value: 'get', label: 'GET'},
            ]}
            value={draft.method}
            onChange={(method) => {
              set({method: method === 'get' ? 'get' : 'post'});
            }}
          />
        </Stack>
        <WebhookHeaders
          headers={draft.headers}
          error={below('headers')}
          onChange={(headers) => {
            set({headers});
          }}
        />
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <TextInput
            miw={220}
            label={t('manage.webhooks.username')}
            description={t('manage.webhooks.means.username')}
            value={draft.username}
            error={below('username')}
            autoComplete="off"
            onChange={(event) => {
              set({username: event.currentTarget.value});
            }}
          />
          <PasswordInput
            miw={220}
            label={t('manage.webhooks.password')}
            description={t(
              draft.hasPassword ? 'manage.webhooks.kept' : 'manage.webhooks.means.password',
            )}
            value={draft.password}
            error={below('password')}
            autoComplete="new-password"
            onChange={(event) => {
              set({password: event.currentTarget.value});
            }}
          />
        </Group>
        <PasswordInput
          label={t('manage.webhooks.secret')}
          description={
            draft.hasSecret
              ? `${t('manage.webhooks.means.secret')} ${t('manage.webhooks.kept')}`
              : t('manage.webhooks.means.secret')
          }
          value={draft.secret}
          error={below('secret')}
          disabled={draft.isWithoutSecret}
          autoComplete="new-password"
          onChange={(event) => {
            set({secret: event.currentTarget.value});
          }}
        />
        {draft.hasSecret && (
          <Checkbox
            label={t('manage.webhooks.withoutSecret')}
            checked={draft.isWithoutSecret}
            onChange={(event) => {
              set({isWithoutSecret: event.currentTarget.checked});
            }}
          />
        )}
        <Switch
          label={t('manage.webhooks.enabled')}
          description={t('manage.webhooks.means.enabled')}
          checked={draft.isEnabled}
          onChange={(event) => {
            set({isEnabled: event.currentTarget.checked});
          }}
        />
        <Group>
          <Button type="submit" loading={isPending}>
            {action}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('confirm.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
