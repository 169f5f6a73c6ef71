/** The teams that somebody is in; for admins, those of others too. */
import {Anchor, Button, Stack, Tabs, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import type {ReactNode} from 'react';
import {Link} from 'react-router';
import {IconPlus} from '../../parts/icons.tsx';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import type {Team} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {FilterField} from '../../parts/filter-field.tsx';
import {formatCount} from '../../parts/numbers.ts';
import {Page} from '../../parts/page.tsx';
import {type Column, PagedTable} from '../../parts/paged-table.tsx';
import {useAddressText, useAddressWord} from '../../parts/use-address-word.ts';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {NewTeam} from './new-team.tsx';
import {RoleBadge} from './role-badge.tsx';

type Sort = 'name' | 'created_at';

const columns = (): readonly Column<Team>[] => [
  {
    title: t('manage.teams.name'),
    sort: 'name',
    cell: ({name}) => (
      <Anchor size="sm" component={Link} to={addresses.team(name)} className="wraps">
        {name}
      </Anchor>
    ),
  },
  {
    title: t('manage.teams.description'),
    cell: ({description}) => (
      <Text size="sm" lineClamp={2} className="wraps">
        {description}
      </Text>
    ),
  },
  {
    title: t('manage.teams.role'),
    cell: ({role}) => role !== null && <RoleBadge role={role} />,
  },
  {
    title: t('manage.teams.members'),
    isNumber: true,
    cell: ({users_count: count}) => formatCount(count),
  },
  {
    title: t('manage.teams.namespaces'),
    isNumber: true,
    cell: ({namespaces_count: count}) => formatCount(count),
  },
  {title: t('manage.made'), sort: 'created_at', cell: ({created_at: at}) => <Age at={at} />},
];

const lists = ['member', 'other'] as const;
type List = (typeof lists)[number];

export function Teams() {
  const {permissions, user} = useSession();
  const [list, setList] = useAddressWord<List>('list', 'member', lists);
  const [isOpen, {open, close}] = useDisclosure();
  const make = permissions.createTeams && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t('manage.teams.make')}
    </Button>
  );
  return (
    <Page title={t('manage.teams.title')} actions={make}>
      {user?.isAdmin ? (
        <Tabs
          value={list}
          keepMounted={false}
          onChange={(value) => {
            setList(lists.find((each) => each === value) ?? 'member');
          }}
        >
          <Tabs.List>
            {lists.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t(`manage.teams.lists.${each}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {lists.map((each) => (
            <Tabs.Panel key={each} value={each} pt="md">
              <TeamTable list={each} make={make} />
            </Tabs.Panel>
          ))}
        </Tabs>
      ) : (
        <TeamTable list="member" make={make} />
      )}
      <NewTeam isOpen={isOpen} onClose={close} />
    </Page>
  );
}

function TeamTable({list, make}: {readonly list: List; readonly make: ReactNode}) {
  const [name] = useAddressText('name');
  const filter = {list, ...(name !== '' && {name})};
  return (
    <Stack gap="sm">
      <Text c="dimmed" size="sm">
        {t(`manage.teams.means.${list}`)}
      </Text>
      <FilterField label={t('manage.teams.filter')} />
      <PagedTable
        label={t('manage.teams.title')}
        queryKey={['teams', 'list', filter]}
        load={async ({sort_attr: sort, ...query}, signal) =>
          readPage(
            client.GET('/teams', {
              signal,
              params: {query: {...query, ...filter, sort_attr: isSort(sort) ? sort : 'name'}},
            }),
          )
        }
        columns={columns()}
        keyOf={({id}) => id}
        empty={
          name === '' ? (
            <Empty text={t(`manage.teams.empty.${list}`)}>{list === 'member' && make}</Empty>
          ) : (
            <Empty text={t('browse.nothingFits')} />
          )
        }
      />
    </Stack>
  );
}

const isSort = (text: string | undefined): text is Sort => text === 'name' || text === 'created_at';
