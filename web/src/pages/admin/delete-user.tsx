/** Deletes an account, after telling what goes with it. */
import {List, Radio, Stack, Text} from '@mantine/core';
import {useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router';
import {client, read, readPage} from '../../api/client.ts';
import type {WholeUser} from '../../api/types.ts';
import {ForecastDialog} from '../../parts/forecast-dialog.tsx';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {SomeNames} from '../manage/some-names.tsx';

const mostNamed = 13;

/** What goes with it. */
async function load(user: WholeUser, signal: AbortSignal) {
  const path = {id: user.id};
  const [tokens, sessions, personal] = await Promise.all([
    read(client.GET('/users/{id}/application_tokens', {signal, params: {path}})),
    read(client.GET('/users/{id}/sessions', {signal, params: {path}})),
    user.namespace_id === null
      ? undefined
      : read(client.GET('/namespaces/{id}', {signal, params: {path: {id: user.namespace_id}}})),
  ]);
  const query = {namespace: personal?.name ?? '', per_page: mostNamed};
  const repositories =
    personal && (await readPage(client.GET('/repositories', {signal, params: {query}})));
  return {tokens, sessions, personal, repositories};
}

export function DeleteUser({
  user,
  isOpen,
  onClose,
}: {
  readonly user: WholeUser;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const [namespaces, setNamespaces] = useState<'keep' | 'delete'>('keep');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <ForecastDialog
      queryKey={['users', user.username, 'goes']}
      load={async (signal) => load(user, signal)}
      isOpen={isOpen}
      onClose={onClose}
      title={t('admin.users.deleteOne', {name: user.username})}
      action={t('admin.users.delete')}
      typed={user.username}
      onConfirm={async () => {
        await read(
          client.DELETE('/users/{id}', {params: {path: {id: user.id}, query: {namespaces}}}),
        );
        tell.done(t('admin.users.deleted', {name: user.username}));
        await navigate('/admin/users');
        queryClient.removeQueries({queryKey: ['users', user.username]});
        await Promise.all(
          ['users', 'teams', 'content', 'namespaces'].map(async (key) =>
            queryClient.invalidateQueries({queryKey: [key]}),
          ),
        );
      }}
    >
      {({tokens, sessions, personal, repositories}) => (
        <Stack gap="sm">
          <Text size="sm">{t('admin.users.deleteMeans')}</Text>
          <List size="sm">
            <List.Item>
              {t('admin.goes.tokens', {count: tokens.length})}
              <SomeNames names={tokens.map(({application}) => application)} />
            </List.Item>
            <List.Item>{t('admin.goes.sessions', {count: sessions.length})}</List.Item>
            <List.Item>
              {t('admin.goes.teams', {count: user.teams.length})}
              <SomeNames names={user.teams.map(({name}) => name)} />
            </List.Item>
          </List>
          {personal && repositories && (
            <Radio.Group
              label={t('admin.goes.namespace', {
                name: personal.name,
                count: repositories.total,
              })}
              value={namespaces}
              onChange={(chosen) => {
                setNamespaces(chosen === 'delete' ? 'delete' : 'keep');
              }}
            >
              <SomeNames
                names={repositories.items.map(({full_name: name}) => name)}
                total={repositories.total}
              />
              <Stack gap="xs" mt="xs">
                <Radio
                  value="keep"
                  label={t('admin.goes.keep')}
                  description={t('admin.goes.keepMeans')}
                />
                <Radio
                  value="delete"
                  label={t('admin.goes.delete')}
                  description={t('admin.goes.deleteMeans')}
                />
              </Stack>
            </Radio.Group>
          )}
        </Stack>
      )}
    </ForecastDialog>
  );
}
