/** Deletes a team, after telling what goes with it and who gets what belongs to it. */
import {List, Stack, Text} from '@mantine/core';
import {useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router';
import {client, read, readPage} from '../../api/client.ts';
import type {Team} from '../../api/types.ts';
import {ForecastDialog} from '../../parts/forecast-dialog.tsx';
import {NamePicker} from '../../parts/name-picker.tsx';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {SomeNames} from './some-names.tsx';

async function load(id: Team['id'], signal: AbortSignal) {
  const [namespaces, robots] = await Promise.all([
    readPage(
      client.GET('/teams/{id}/namespaces', {signal, params: {path: {id}, query: {all: true}}}),
    ),
    readPage(client.GET('/robots', {signal, params: {query: {team: id, all: true}}})),
  ]);
  return {namespaces, robots};
}

/** Whether somebody else has to get what it has. */
const mustMove = ({namespaces}: Awaited<ReturnType<typeof load>>): boolean => namespaces.total > 0;

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
  return (
    <ForecastDialog
      queryKey={['teams', team.name, 'goes']}
      load={async (signal) => load(team.id, signal)}
      isOpen={isOpen}
      onClose={onClose}
      title={t('manage.teams.deleteOne', {name: team.name})}
      action={t('manage.teams.delete')}
      typed={team.name}
      isReady={(forecast) => !mustMove(forecast) || heir.trim() !== ''}
      onConfirm={async (forecast) => {
        await read(
          client.DELETE('/teams/{id}', {
            params: {path: {id: team.id}, query: mustMove(forecast) ? {new_team: heir.trim()} : {}},
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
      {(forecast) => (
        <Stack gap="sm">
          <Text size="sm">{t('manage.teams.deleteMeans')}</Text>
          <List size="sm">
            <List.Item>{t('manage.goes.members', {count: team.users_count})}</List.Item>
            <List.Item>
              {t('manage.goes.robots', {count: forecast.robots.total})}
              <SomeNames names={forecast.robots.items.map(({username}) => username)} />
            </List.Item>
            <List.Item>
              {t('manage.goes.namespacesMove', {count: forecast.namespaces.total})}
              <SomeNames names={forecast.namespaces.items.map(({name}) => name)} />
            </List.Item>
          </List>
          {mustMove(forecast) && (
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
      )}
    </ForecastDialog>
  );
}
