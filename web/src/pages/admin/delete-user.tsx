/** Deletes an account, after telling what goes with it. */
import {List, Radio, Stack, Text} from '@mantine/core';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router';
import {client, read, readPage} from '../../api/client.ts';
import type {WholeUser} from '../../api/types.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {Loading} from '../../parts/loading.tsx';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {SomeNames} from '../manage/some-names.tsx';

const mostNamed = 13;

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
  const {data} = useQuery({
    queryKey: ['users', user.username, 'goes'],
    enabled: isOpen,
    // What is told here is done then.
    staleTime: 0,
    queryFn: async ({signal}) => {
      const path = {id: user.id};
      const [tokens, sessions, personal] = await Promise.all([
        read(client.GET('/users/{id}/application_tokens', {signal, params: {path}})),
        read(client.GET('/users/{id}/sessions', {signal, params: {path}})),
        user.namespace_id === null
          ? undefined
          : read(client.GET('/namespaces/{id}', {signal, params: {path: {id: user.namespace_id}}})),
      ]);
      const repositories =
        personal &&
        (await readPage(
          client.GET('/repositories', {
            signal,
            params: {query: {namespace: personal.name, per_page: mostNamed}},
          }),
        ));
      return {tokens, sessions, personal, repositories};
    },
  });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('admin.users.deleteOne', {name: user.username})}
      action={t('admin.users.delete')}
      typed={user.username}
      isReady={data !== undefined}
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
      {data ? (
        <Stack gap="sm">
          <Text size="sm">{t('admin.users.deleteMeans')}</Text>
          <List size="sm">
            <List.Item>
              {t('admin.goes.tokens', {count: data.tokens.length})}
              <SomeNames names={data.tokens.map(({application}) => application)} />
            </List.Item>
            <List.Item>{t('admin.goes.sessions', {count: data.sessions.length})}</List.Item>
            <List.Item>
              {t('admin.goes.teams', {count: user.teams.length})}
              <SomeNames names={user.teams.map(({name}) => name)} />
            </List.Item>
          </List>
          {data.personal && data.repositories && (
            <Radio.Group
              label={t('admin.goes.namespace', {
                name: data.personal.name,
                count: data.repositories.total,
              })}
              value={namespaces}
              onChange={(chosen) => {
                setNamespaces(chosen === 'delete' ? 'delete' : 'keep');
              }}
            >
              <SomeNames
                names={data.repositories.items.map(({full_name: name}) => name)}
                total={data.repositories.total}
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
      ) : (
        <Loading />
      )}
    </ConfirmDialog>
  );
}
