import {useQuery} from '@tanstack/react-query';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import {t} from '../../texts/texts.ts';
import {useSession} from '../../session/use-session.ts';
import {Names} from './names.tsx';

const mostShown = 8;

/** The personal namespace, and those of one's teams. */
export function MyNamespaces() {
  const {user} = useSession();
  const {data} = useQuery({
    queryKey: ['content', 'list', 'namespaces', 'member', mostShown],
    queryFn: async ({signal}) =>
      readPage(
        client.GET('/namespaces', {
          signal,
          params: {query: {list: 'member', per_page: mostShown, sort_attr: 'name'}},
        }),
      ),
  });
  const personal = user?.namespace;
  const own = personal ? [personal] : [];
  return (
    <Names
      title={t('dashboard.namespaces.title')}
      all="/namespaces"
      none={t('dashboard.namespaces.none')}
      found={
        data && {
          total: data.total + own.length,
          items: [...own, ...data.items].map(({name}) => ({
            name,
            to: addresses.namespace(name === '/' ? '' : name),
          })),
        }
      }
    />
  );
}
