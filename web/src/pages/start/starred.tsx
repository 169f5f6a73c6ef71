import {useQuery} from '@tanstack/react-query';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import {t} from '../../texts/texts.ts';
import {Names} from './names.tsx';

const mostShown = 8;

/** The repositories that somebody has marked with a star. */
export function Starred() {
  const {data} = useQuery({
    queryKey: ['content', 'list', 'repositories', 'starred', mostShown],
    queryFn: async ({signal}) =>
      readPage(
        client.GET('/repositories', {
          signal,
          params: {query: {list: 'starred', per_page: mostShown}},
        }),
      ),
  });
  return (
    <Names
      title={t('dashboard.starred.title')}
      all="/repositories?list=starred"
      none={t('dashboard.starred.none')}
      found={
        data && {
          total: data.total,
          items: data.items.map(({full_name: name}) => ({name, to: addresses.repository(name)})),
        }
      }
    />
  );
}
