/** A webhook, and what it was sent. */
import {Badge, Button, Code, Table, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {queryOptions, useQueryClient, useSuspenseQuery} from '@tanstack/react-query';
import {useNavigate, useParams} from 'react-router';
import {IconPencil, IconSend} from '../../parts/icons.tsx';
import {addresses} from '../../addresses.ts';
import {client, ifMatch, read, readWhole} from '../../api/client.ts';
import type {Webhook} from '../../api/types.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {DeleteButton} from '../../parts/delete-button.tsx';
import {Page} from '../../parts/page.tsx';
import {Section} from '../../parts/section.tsx';
import {tell} from '../../parts/tell.ts';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {Deliveries} from './deliveries.tsx';
import {draftOf, type NewWebhook} from './webhook-draft.ts';
import {WebhookForm} from './webhook-form.tsx';

const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', id],
    queryFn: async ({signal}) =>
      readWhole(client.GET('/webhooks/{id}', {signal, params: {path: {id}}})),
  });

export function WebhookPage() {
  const {webhook: id = ''} = useParams();
  const {
    data: {body: webhook, etag},
  } = useSuspenseQuery(webhookQuery(id));
  const [isEditing, editing] = useDisclosure();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const save = useChange({
    change: async (body: NewWebhook) =>
      read(
        client.PUT('/webhooks/{id}', {
          params: {path: {id}, header: ifMatch(etag)},
          body,
        }),
      ),
    changes: [['webhooks']],
    done: ({name}) => t('manage.webhooks.saved', {name}),
    onDone: editing.close,
  });
  const test = useChange({
    tellsProblem: true,
    change: async () => read(client.POST('/webhooks/{id}/test', {params: {path: {id}}})),
    changes: [['deliveries', id]],
    done: () => t('manage.webhooks.tested'),
  });
  const name = webhook.namespace === '/' ? '' : webhook.namespace;
  return (
    <Page
      title={webhook.name}
      crumbs={[
        {title: webhook.namespace, to: addresses.namespace(name)},
        {title: t('manage.webhooks.title'), to: addresses.webhooks(name)},
      ]}
      actions={
        <>
          <Button
            variant="default"
            loading={test.isPending}
            leftSection={<IconSend size={16} />}
            onClick={() => {
              test.start(undefined);
            }}
          >
            {t('manage.webhooks.test')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconPencil size={16} />}
            disabled={isEditing}
            onClick={() => {
              save.reset();
              editing.open();
            }}
          >
            {t('manage.webhooks.edit')}
          </Button>
          <DeleteButton
            label={t('manage.webhooks.delete')}
            dialog={(state) => (
              <ConfirmDialog
                {...state}
                title={t('manage.webhooks.deleteOne', {name: webhook.name})}
                action={t('manage.webhooks.delete')}
                onConfirm={async () => {
                  await read(client.DELETE('/webhooks/{id}', {params: {path: {id}}}));
                  tell.done(t('manage.webhooks.deleted', {name: webhook.name}));
                  await navigate(addresses.webhooks(name));
                  queryClient.removeQueries({queryKey: ['webhooks', id]});
                  await queryClient.invalidateQueries({queryKey: ['webhooks', 'of']});
                }}
              >
                <Text size="sm">{t('manage.webhooks.deleteMeans')}</Text>
              </ConfirmDialog>
            )}
          />
        </>
      }
    >
      <Section title={t('manage.webhooks.settings')}>
        {isEditing ? (
          <WebhookForm
            draft={draftOf(webhook)}
            action={t('manage.save')}
            isPending={save.isPending}
            error={save.error}
            onSave={save.start}
            onCancel={editing.close}
          />
        ) : (
          <Settings webhook={webhook} />
        )}
      </Section>
      <Deliveries webhook={webhook.id} />
    </Page>
  );
}

function Settings({webhook}: {readonly webhook: Webhook}) {
  const rows = [
    {
      title: t('manage.webhooks.state'),
      value: (
        <Badge color={webhook.enabled ? 'green' : 'gray'} variant="light">
          {t(webhook.enabled ? 'manage.webhooks.isOn' : 'manage.webhooks.isOff')}
        </Badge>
      ),
    },
    {
      title: t('manage.webhooks.url'),
      value: (
        <Code className="wraps">
          {webhook.method.toUpperCase()} {webhook.url}
        </Code>
      ),
    },
    {title: t('manage.webhooks.actions'), value: webhook.actions.join(', ')},
    {
      title: t('manage.webhooks.repositories'),
      value: webhook.repositories.join(', ') || t('manage.webhooks.all'),
    },
    {
      title: t('manage.webhooks.mediaTypes'),
      value: webhook.media_types.join(', ') || t('manage.webhooks.all'),
    },
    {
      title: t('manage.webhooks.format'),
      value: t(`manage.webhooks.formats.${webhook.format}`),
    },
    {
      title: t('manage.webhooks.headers'),
      value: webhook.headers.join(', ') || t('manage.webhooks.noneOfIt'),
    },
    {
      title: t('manage.webhooks.username'),
      value: webhook.username ?? t('manage.webhooks.noneOfIt'),
    },
    {
      title: t('manage.webhooks.secret'),
      value: t(webhook.has_secret ? 'manage.webhooks.isSet' : 'manage.webhooks.noneOfIt'),
    },
  ];
  return (
    <Table variant="vertical" layout="fixed">
      <Table.Tbody>
        {rows.map(({title, value}) => (
          <Table.Tr key={title}>
            <Table.Th w={{base: 110, sm: 200}}>{title}</Table.Th>
            <Table.Td className="wraps">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
