/** The webhooks of a namespace. */
import {Anchor, Badge, Button, Code, Group, Stack, Table, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {useSuspenseQuery} from '@tanstack/react-query';
import {Link, useNavigate, useParams} from 'react-router';
import {IconPlus} from '../../parts/icons.tsx';
import {addresses, nameOf} from '../../addresses.ts';
import {client, read} from '../../api/client.ts';
import {Empty} from '../../parts/empty.tsx';
import {Page} from '../../parts/page.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {namespaceQuery} from './namespace-queries.ts';
import {emptyDraft, type NewWebhook} from './webhook-draft.ts';
import {WebhookForm} from './webhook-form.tsx';

export function Webhooks() {
  const {namespace: id = ''} = useParams();
  const {
    data: {body: namespace},
  } = useSuspenseQuery(namespaceQuery(nameOf(id)));
  const {data: webhooks} = useSuspenseQuery({
    queryKey: ['webhooks', 'of', namespace.name],
    queryFn: async ({signal}) =>
      read(client.GET('/namespaces/{id}/webhooks', {signal, params: {path: {id: namespace.id}}})),
  });
  const [isOpen, {open, close}] = useDisclosure();
  const {permissions} = useSession();
  const navigate = useNavigate();
  const name = namespace.global ? '' : namespace.name;
  const {start, isPending, error} = useChange({
    change: async (body: NewWebhook) =>
      read(client.POST('/namespaces/{id}/webhooks', {params: {path: {id: namespace.id}}, body})),
    changes: [['webhooks']],
    done: (made) => t('manage.webhooks.madeOne', {name: made.name}),
    onDone: (made) => void navigate(addresses.webhook(made.id)),
  });
  const make = permissions.createWebhooks && !isOpen && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t('manage.webhooks.make')}
    </Button>
  );
  return (
    <Page
      title={t('manage.webhooks.of', {name: namespace.name})}
      crumbs={[
        {title: t('navigation.namespaces'), to: '/namespaces'},
        {title: namespace.name, to: addresses.namespace(name)},
      ]}
      actions={make}
    >
      <Text size="sm" c="dimmed">
        {t('manage.webhooks.intro')}
      </Text>
      {isOpen && (
        <Section title={t('manage.webhooks.make')}>
          <WebhookForm
            draft={emptyDraft}
            action={t('manage.webhooks.make')}
            isPending={isPending}
            error={error}
            onSave={start}
            onCancel={close}
          />
        </Section>
      )}
      {webhooks.length === 0 && !isOpen && <Empty text={t('manage.webhooks.none')}>{make}</Empty>}
      {webhooks.length > 0 && (
        <Table.ScrollContainer minWidth={480} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
          <Table aria-label={t('manage.webhooks.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('manage.webhooks.name')}</Table.Th>
                <Table.Th>{t('manage.webhooks.url')}</Table.Th>
                <Table.Th>{t('manage.webhooks.actions')}</Table.Th>
                <Table.Th>{t('manage.webhooks.format')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {webhooks.map((webhook) => (
                <Table.Tr key={webhook.id}>
                  <Table.Td>
                    <Stack gap={4} align="flex-start">
                      <Anchor
                        size="sm"
                        component={Link}
                        to={addresses.webhook(webhook.id)}
                        className="wraps"
                      >
                        {webhook.name}
                      </Anchor>
                      {!webhook.enabled && <Badge color="gray">{t('manage.disabled')}</Badge>}
                    </Stack>
                  </Table.Td>
                  <Table.Td>
                    <Code className="wraps">{webhook.url}</Code>
                  </Table.Td>
                  <Table.Td>
                    <Group gap={4}>
                      {webhook.actions.map((action) => (
                        <Badge key={action} variant="default">
                          {action}
                        </Badge>
                      ))}
                    </Group>
                  </Table.Td>
                  <Table.Td>{t(`manage.webhooks.formats.${webhook.format}`)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Page>
  );
}
