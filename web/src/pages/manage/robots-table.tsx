/** Robots: of all teams that somebody owns, or of one. */
import {Anchor, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import type {Robot} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {type Column, PagedTable} from '../../parts/paged-table.tsx';
import {t} from '../../texts/texts.ts';
import {RoleBadge} from './role-badge.tsx';

type Sort = 'username' | 'enabled' | 'created_at';

const ofTeam: Column<Robot> = {
  title: t('manage.robots.team'),
  cell: ({team}) => (
    <Anchor size="sm" component={Link} to={addresses.team(team.name)} className="wraps">
      {team.name}
    </Anchor>
  ),
};

const columns = (isOfOne: boolean): readonly Column<Robot>[] => [
  {
    title: t('manage.robots.name'),
    sort: 'username',
    cell: ({username}) => (
      <Anchor size="sm" component={Link} to={addresses.robot(username)} className="wraps">
        {username}
      </Anchor>
    ),
  },
  ...(isOfOne ? [] : [ofTeam]),
  {
    title: t('manage.members.role'),
    cell: ({role}) => role !== null && <RoleBadge role={role} />,
  },
  {
    title: t('manage.description.title'),
    cell: ({description}) => (
      <Text size="sm" lineClamp={2} className="wraps">
        {description}
      </Text>
    ),
  },
  {title: t('manage.made'), sort: 'created_at', cell: ({created_at: at}) => <Age at={at} />},
];

export function RobotsTable({team, name}: {readonly team?: string; readonly name?: string}) {
  return (
    <PagedTable
      {...(name === undefined ? {} : {name})}
      label={t('manage.robots.title')}
      queryKey={['robots', 'list', team]}
      load={async ({sort_attr: sort, ...query}, signal) =>
        readPage(
          client.GET('/robots', {
            signal,
            params: {
              query: {
                ...query,
                ...(team === undefined ? {} : {team}),
                sort_attr: isSort(sort) ? sort : 'username',
              },
            },
          }),
        )
      }
      columns={columns(team !== undefined)}
      keyOf={({id}) => id}
      empty={<Empty text={t('manage.robots.none')} />}
    />
  );
}

const isSort = (text: string | undefined): text is Sort =>
  text === 'username' || text === 'enabled' || text === 'created_at';
