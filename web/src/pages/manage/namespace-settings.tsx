/** What can be changed of a namespace by whoever looks after it. */
import {Alert, Anchor, Button, Group, Stack, Text} from '@mantine/core';
import {useSuspenseQuery} from '@tanstack/react-query';
import {Link, useParams} from 'react-router';
import {DeleteButton} from '../../parts/delete-button.tsx';
import {IconInfoCircle, IconWebhook} from '../../parts/icons.tsx';
import {addresses, nameOf} from '../../addresses.ts';
import {client, ifMatch, read} from '../../api/client.ts';
import {Page} from '../../parts/page.tsx';
import {Section} from '../../parts/section.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {DeleteNamespace} from './delete-namespace.tsx';
import {Description} from './description.tsx';
import {MoveNamespace} from './move-namespace.tsx';
import {namespaceQuery} from './namespace-queries.ts';
import {NamespaceVisibility} from './namespace-visibility.tsx';

export function NamespaceSettings() {
  const {namespace: id = ''} = useParams();
  const {
    data: {body: namespace, etag},
  } = useSuspenseQuery(namespaceQuery(nameOf(id)));
  const {permissions} = useSession();
  const name = namespace.global ? '' : namespace.name;
  return (
    <Page
      title={t('manage.namespace.settings', {name: namespace.name})}
      crumbs={[
        {title: t('navigation.namespaces'), to: '/namespaces'},
        {title: namespace.name, to: addresses.namespace(name)},
      ]}
      actions={
        permissions.manageWebhooks &&
        namespace.updatable && (
          <Button
            component={Link}
            to={addresses.webhooks(name)}
            variant="default"
            leftSection={<IconWebhook size={16} />}
          >
            {t('manage.webhooks.title')}
          </Button>
        )
      }
    >
      {!namespace.updatable && (
        <Alert icon={<IconInfoCircle />}>{t('manage.namespace.notYours')}</Alert>
      )}
      <Group gap="xs">
        <Text size="sm">{t('manage.namespace.team')}</Text>
        {namespace.team.hidden ? (
          <Text size="sm">{namespace.team.name}</Text>
        ) : (
          <Anchor component={Link} to={addresses.team(namespace.team.name)} size="sm">
            {namespace.team.name}
          </Anchor>
        )}
      </Group>
      <Description
        text={namespace.description}
        mayChange={namespace.updatable}
        changes={[['namespaces'], ['content', 'list']]}
        save={async (description) =>
          read(
            client.PUT('/namespaces/{id}', {
              params: {path: {id: namespace.id}, header: ifMatch(etag)},
              body: {description},
            }),
          )
        }
      />
      <NamespaceVisibility key={namespace.visibility} namespace={namespace} etag={etag} />
      {namespace.updatable && <MoveNamespace namespace={namespace} etag={etag} />}
      {namespace.updatable && (
        <Section title={t('manage.namespace.delete')}>
          <Stack align="flex-start">
            <Text size="sm">{t('manage.namespace.deleteMeans')}</Text>
            <DeleteButton
              label={t('manage.namespace.deleteIt')}
              dialog={(state) => <DeleteNamespace namespace={namespace} {...state} />}
            />
          </Stack>
        </Section>
      )}
    </Page>
  );
}
