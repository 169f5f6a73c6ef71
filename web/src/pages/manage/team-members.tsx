/** Who is in a team, and as what. */
import {ActionIcon, Anchor, Badge, Group, Text} from '@mantine/core';
import {useState} from 'react';
import {Link} from 'react-router';
import {IconUserMinus} from '../../parts/icons.tsx';
import {addresses} from '../../addresses.ts';
import {client, read, readPage} from '../../api/client.ts';
import type {Member, Role, Team} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {Empty} from '../../parts/empty.tsx';
import {type Column, PagedTable} from '../../parts/paged-table.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {AddMember} from './add-member.tsx';
import {RoleBadge} from './role-badge.tsx';
import {RoleSelect} from './role-select.tsx';

type Sort = 'username' | 'role' | 'created_at';

export function TeamMembers({team, mayChange}: {readonly team: Team; readonly mayChange: boolean}) {
  const [leaving, setLeaving] = useState<Member>();
  const {user} = useSession();
  const {start, isPending} = useChange({
    tellsProblem: true,
    change: async ({member, role}: {readonly member: Member; readonly role: Role}) =>
      read(
        client.PUT('/teams/{id}/members/{member_id}', {
          params: {path: {id: team.id, member_id: member.id}},
          body: {role},
        }),
      ),
    changes: [['teams']],
    done: ({username, role}) =>
      t('manage.members.changed', {name: username, role: t(`manage.roles.${role}`)}),
  });
  const columns: readonly Column<Member>[] = [
    {
      title: t('manage.members.name'),
      sort: 'username',
      cell: ({username, display_name: shown, bot, admin}) => (
        <Group gap="xs">
          <div>
            {bot || user?.isAdmin ? (
              <Anchor size="sm" component={Link} to={addresses[bot ? 'robot' : 'user'](username)}>
                {username}
              </Anchor>
            ) : (
              username
            )}
            {shown !== username && (
              <Text size="xs" c="dimmed">
                {shown}
              </Text>
            )}
          </div>
          {bot && <Badge variant="default">{t('manage.members.robot')}</Badge>}
          {admin && <Badge variant="default">{t('manage.members.admin')}</Badge>}
        </Group>
      ),
    },
    {
      title: t('manage.members.role'),
      sort: 'role',
      cell: (member) =>
        mayChange ? (
          <RoleSelect
            size="xs"
            w={140}
            aria-label={t('manage.members.roleOf', {name: member.username})}
            value={member.role}
            disabled={isPending}
            onChange={(role) => {
              start({member, role});
            }}
          />
        ) : (
          <RoleBadge role={member.role} />
        ),
    },
    {
      title: t('manage.members.since'),
      sort: 'created_at',
      cell: ({created_at: at}) => <Age at={at} />,
    },
    ...(mayChange
      ? [
          {
            title: t('manage.actions'),
            isNumber: true,
            cell: (member: Member) => (
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t('manage.members.remove', {name: member.username})}
                onClick={() => {
                  setLeaving(member);
                }}
              >
                <IconUserMinus size={18} />
              </ActionIcon>
            ),
          },
        ]
      : []),
  ];
  const remove = useChange({
    change: async ({id}: Member) =>
      read(
        client.DELETE('/teams/{id}/members/{member_id}', {
          params: {path: {id: team.id, member_id: id}},
        }),
      ),
    changes: [['teams']],
    done: (_, {username}) => t('manage.members.removed', {name: username}),
  });
  return (
    <Section title={t('manage.members.title')}>
      {mayChange && <AddMember team={team} />}
      <PagedTable
        name="members"
        label={t('manage.members.title')}
        queryKey={['teams', team.name, 'members']}
        load={async ({sort_attr: sort, ...query}, signal) =>
          readPage(
            client.GET('/teams/{id}/members', {
              signal,
              params: {
                path: {id: team.id},
                query: {...query, sort_attr: isSort(sort) ? sort : 'username'},
              },
            }),
          )
        }
        columns={columns}
        keyOf={({id}) => id}
        empty={<Empty text={t('manage.members.none')} />}
      />
      <ConfirmDialog
        isOpen={leaving !== undefined}
        onClose={() => {
          setLeaving(undefined);
        }}
        title={t('manage.members.remove', {name: leaving?.username})}
        action={t('manage.members.removeIt')}
        onConfirm={async () => {
          if (leaving) await remove.finish(leaving);
        }}
      >
        <Text size="sm" className="wraps">
          {t('manage.members.removeMeans', {name: leaving?.username, team: team.name})}
        </Text>
      </ConfirmDialog>
    </Section>
  );
}

const isSort = (text: string | undefined): text is Sort =>
  text === 'username' || text === 'role' || text === 'created_at';
