import {useQuery} from '@tanstack/react-query';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import {t} from '../../texts/texts.ts';
import {Names} from './names.tsx';

const mostShown = 8;

export function MyTeams() {
  const {data} = useQuery({
    queryKey: ['teams', 'list', 'first', mostShown],
    queryFn: async ({signal}) =>
      readPage(client.GET('/teams', {signal, params: {query: {per_page: mostShown}}})),
  });
  return (
    <Names
      title={t('dashboard.teams.title')}
      all="/teams"
      none={t('dashboard.teams.none')}
      found={
        data && {
          total: data.total,
          items: data.items.map(({name}) => ({name, to: addresses.team(name)})),
        }
      }
    />
  );
}
