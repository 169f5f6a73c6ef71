/** A namespace: whose it is, who may pull, and the repositories in it. */
import {Button, Grid, Stack, Text, Title} from '@mantine/core';
import {useSuspenseQuery} from '@tanstack/react-query';
import {Link, useParams} from 'react-router';
import {IconSettings, IconWebhook} from '../../../parts/icons.tsx';
import {addresses, nameOf} from '../../../addresses.ts';
import {client, read} from '../../../api/client.ts';
import {Empty} from '../../../parts/empty.tsx';
import {FilterField} from '../../../parts/filter-field.tsx';
import {Markdown} from '../../../parts/markdown.tsx';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {Page} from '../../../parts/page.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {Section} from '../../../parts/section.tsx';
import {useAddressText} from '../../../parts/use-address-word.ts';
import {t} from '../../../texts/texts.ts';
import {Facts} from '../facts.tsx';
import {HowToPush} from '../repositories/how-to-push.tsx';
import {RepositoryTable} from '../repositories/repository-table.tsx';
import type {Namespace} from '../types.ts';
import {VisibilityBadge} from '../../../parts/visibility-badge.tsx';
import {TeamLink} from './namespace-table.tsx';

export function NamespacePage() {
  const id = nameOf(useParams()['namespace'] ?? '');
  const {data: namespace, error} = useSuspenseQuery({
    queryKey: ['content', 'list', 'namespaces', 'show', id],
    queryFn: async ({signal}) =>
      read(client.GET('/namespaces/{id}', {signal, params: {path: {id}}})),
  });
  const title = namespace.global ? t('browse.namespaces.root') : namespace.name;
  return (
    <Page
      title={title}
      crumbs={[{title: t('browse.namespaces.title'), to: '/namespaces'}]}
      actions={<Settings namespace={namespace} />}
    >
      {error && <ProblemAlert error={error} />}
      <Grid>
        <Grid.Col span={{base: 12, lg: 7}}>
          <Section title={t('browse.description.title')}>
            {namespace.description === '' ? (
              <Text size="sm" c="dimmed">
                {t('browse.description.none')}
              </Text>
            ) : (
              <Markdown text={namespace.description} />
            )}
          </Section>
        </Grid.Col>
        <Grid.Col span={{base: 12, lg: 5}}>
          <NamespaceFacts namespace={namespace} />
        </Grid.Col>
      </Grid>
      <Repositories namespace={namespace} />
    </Page>
  );
}

function Settings({namespace: {name, updatable, webhooks_count: webhooks}}: Shown) {
  const place = addresses.namespace(name);
  return (
    <>
      {webhooks !== null && (
        <Button
          component={Link}
          to={`${place}/webhooks`}
          variant="default"
          leftSection={<IconWebhook size={16} />}
        >
          {t('browse.namespaces.webhooks')}
        </Button>
      )}
      {updatable && (
        <Button
          component={Link}
          to={`${place}/settings`}
          variant="default"
          leftSection={<IconSettings size={16} />}
        >
          {t('browse.namespaces.settings')}
        </Button>
      )}
    </>
  );
}

interface Shown {
  readonly namespace: Namespace;
}

function NamespaceFacts({namespace}: Shown) {
  const {visibility, bytes, webhooks_count: webhooks, permissions} = namespace;
  const {role} = permissions;
  return (
    <Section title={t('browse.namespaces.facts')}>
      <Facts
        facts={[
          [
            t('browse.namespaces.visibility'),
            <VisibilityBadge key="visibility" visibility={visibility} />,
          ],
          [t('browse.namespaces.team'), <TeamLink key="team" namespace={namespace} />],
          [t('browse.namespaces.repositories'), formatCount(namespace.repositories_count)],
          [
            t('browse.namespaces.size'),
            bytes === null ? t('browse.namespaces.unknown') : formatBytes(bytes),
          ],
          ...(webhooks === null
            ? []
            : [[t('browse.namespaces.webhooks'), formatCount(webhooks)] as const]),
          ...(role === null ? [] : [[t('browse.namespaces.role'), role] as const]),
        ]}
      />
    </Section>
  );
}

function Repositories({namespace: {name, global, permissions}}: Shown) {
  const [text] = useAddressText('name');
  const place = global ? '' : name;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('browse.repositories.title')}
      </Title>
      <FilterField label={t('browse.repositories.filter')} />
      <RepositoryTable
        filter={{namespace: place, ...(text !== '' && {name: text})}}
        empty={
          text === '' ? (
            <Empty text={t('browse.namespaces.noRepositories')}>
              {permissions.push && <HowToPush namespace={place} />}
            </Empty>
          ) : (
            <Empty text={t('browse.nothingFits')} />
          )
        }
      />
    </Stack>
  );
}
