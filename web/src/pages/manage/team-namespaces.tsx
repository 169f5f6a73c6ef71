/** What belongs to a team. */
import {Anchor, Button} from '@mantine/core';
import {Link} from 'react-router';
import {IconPlus} from '../../parts/icons.tsx';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import type {Namespace, Team} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {type Column, PagedTable} from '../../parts/paged-table.tsx';
import {Section} from '../../parts/section.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {VisibilityBadge} from '../../parts/visibility-badge.tsx';

type Sort = 'name' | 'visibility' | 'created_at';

const columns = (): readonly Column<Namespace>[] => [
  {
    title: t('manage.namespace.name'),
    sort: 'name',
    cell: ({name, global}) => (
      <Anchor
        size="sm"
        component={Link}
        to={addresses.namespace(global ? '' : name)}
        className="wraps"
      >
        {name}
      </Anchor>
    ),
  },
  {
    title: t('manage.namespace.visibility'),
    sort: 'visibility',
    cell: ({visibility}) => <VisibilityBadge visibility={visibility} />,
  },
  {title: t('manage.made'), sort: 'created_at', cell: ({created_at: at}) => <Age at={at} />},
];

export function TeamNamespaces({team}: {readonly team: Team}) {
  const {permissions, user} = useSession();
  const mayMake = user?.isAdmin === true || (permissions.createNamespaces && team.role === 'owner');
  const make = mayMake && (
    <Button
      component={Link}
      to={`/namespaces/new?${new URLSearchParams({team: team.name}).toString()}`}
      variant="default"
      size="xs"
      leftSection={<IconPlus size={14} />}
    >
      {t('manage.namespace.make')}
    </Button>
  );
  return (
    <Section title={t('manage.teams.namespaces')} actions={make}>
      <PagedTable
        name="namespaces"
        label={t('manage.teams.namespaces')}
        queryKey={['teams', team.name, 'namespaces']}
        load={async ({sort_attr: sort, ...query}, signal) =>
          readPage(
            client.GET('/teams/{id}/namespaces', {
              signal,
              params: {
                path: {id: team.id},
                query: {...query, sort_attr: isSort(sort) ? sort : 'name'},
              },
            }),
          )
        }
        columns={columns()}
        keyOf={({id}) => id}
        empty={<Empty text={t('manage.teams.noNamespaces')} />}
      />
    </Section>
  );
}

const isSort = (text: string | undefined): text is Sort =>
  text === 'name' || text === 'visibility' || text === 'created_at';
