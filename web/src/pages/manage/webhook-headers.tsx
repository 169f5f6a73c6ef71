/** What goes along with each message of a webhook. */
import {ActionIcon, Button, Group, Input, Stack, TextInput} from '@mantine/core';
import {IconPlus, IconTrash} from '../../parts/icons.tsx';
import {t} from '../../texts/texts.ts';
import type {WebhookDraft} from './webhook-draft.ts';

type Headers = WebhookDraft['headers'];

export function WebhookHeaders({
  headers,
  error,
  onChange,
}: {
  readonly headers: Headers;
  readonly error: string | undefined;
  readonly onChange: (headers: Headers) => void;
}) {
  const change = (key: number, what: Partial<Headers[number]>): void => {
    onChange(headers.map((header) => (header.key === key ? {...header, ...what} : header)));
  };
  return (
    <Input.Wrapper
      labelElement="div"
      label={t('manage.webhooks.headers')}
      description={t('manage.webhooks.means.headers')}
      error={error}
    >
      <Stack gap="xs" mt="xs" align="flex-start">
        {headers.map(({key, name, value, isKept}, index) => (
          <Group key={key} gap="xs" wrap="nowrap" w="100%">
            <TextInput
              flex={1}
              aria-label={t('manage.webhooks.headerName', {number: index + 1})}
              placeholder="X-Team"
              value={name}
              onChange={(event) => {
                change(key, {name: event.currentTarget.value, isKept: false});
              }}
            />
            <TextInput
              flex={1}
              aria-label={t('manage.webhooks.headerValue', {number: index + 1})}
              placeholder={isKept ? t('manage.webhooks.keptShort') : ''}
              value={value}
              onChange={(event) => {
                change(key, {value: event.currentTarget.value});
              }}
            />
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t('manage.webhooks.withoutHeader', {number: index + 1})}
              onClick={() => {
                onChange(headers.filter((header) => header.key !== key));
              }}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            const key = Math.max(-1, ...headers.map((header) => header.key)) + 1;
            onChange([...headers, {key, name: '', value: '', isKept: false}]);
          }}
        >
          {t('manage.webhooks.header')}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
