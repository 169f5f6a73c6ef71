/** Deletes a team, after telling what goes with it and who gets what belongs to it. */
import {List, Stack, Text} from '@mantine/core';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router';
import {client, read, readPage} from '../../api/client.ts';
import type {Team} from '../../api/types.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {Loading} from '../../parts/loading.tsx';
import {NamePicker} from '../../parts/name-picker.tsx';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {SomeNames} from './some-names.tsx';

export function DeleteTeam({
  team,
  isOpen,
  onClose,
}: {
  readonly team: Team;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const [heir, setHeir] = useState('');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const {data} = useQuery({
    queryKey: ['teams', team.name, 'goes'],
    enabled: isOpen,
    // What is told here is done then.
    staleTime: 0,
    queryFn: async ({signal}) => {
      const path = {id: team.id};
      const [namespaces, robots] = await Promise.all([
        readPage(
          client.GET('/teams/{id}/namespaces', {signal, params: {path, query: {all: true}}}),
        ),
        readPage(client.GET('/robots', {signal, params: {query: {team: team.id, all: true}}})),
      ]);
      return {namespaces, robots};
    },
  });
  const mustMove = (data?.namespaces.total ?? 0) > 0;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('manage.teams.deleteOne', {name: team.name})}
      action={t('manage.teams.delete')}
      typed={team.name}
      isReady={data !== undefined && (!mustMove || heir.trim() !== '')}
      onConfirm={async () => {
        await read(
          client.DELETE('/teams/{id}', {
            params: {path: {id: team.id}, query: mustMove ? {new_team: heir.trim()} : {}},
          }),
        );
        tell.done(t('manage.teams.deleted', {name: team.name}));
        await navigate('/teams');
        queryClient.removeQueries({queryKey: ['teams', team.name]});
        await Promise.all(
          ['teams', 'robots', 'content'].map(async (key) =>
            queryClient.invalidateQueries({queryKey: [key]}),
          ),
        );
      }}
    >
      {data ? (
        <Stack gap="sm">
          <Text size="sm">{t('manage.teams.deleteMeans')}</Text>
          <List size="sm">
            <List.Item>{t('manage.goes.members', {count: team.users_count})}</List.Item>
            <List.Item>
              {t('manage.goes.robots', {count: data.robots.total})}
              <SomeNames names={data.robots.items.map(({username}) => username)} />
            </List.Item>
            <List.Item>
              {t('manage.goes.namespacesMove', {count: data.namespaces.total})}
              <SomeNames names={data.namespaces.items.map(({name}) => name)} />
            </List.Item>
          </List>
          {mustMove && (
            <NamePicker
              kind="teams"
              required
              label={t('manage.teams.heir')}
              description={t('manage.teams.heirMeans')}
              value={heir}
              onChange={setHeir}
            />
          )}
        </Stack>
      ) : (
        <Loading />
      )}
    </ConfirmDialog>
  );
}
