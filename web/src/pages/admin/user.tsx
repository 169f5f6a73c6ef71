/** An account: who it is, what it may, and where it is logged in. */
import {Badge, Button, Group} from '@mantine/core';
import {useSuspenseQuery} from '@tanstack/react-query';
import {Link, useParams} from 'react-router';
import {DeleteButton} from '../../parts/delete-button.tsx';
import {Page} from '../../parts/page.tsx';
import {t} from '../../texts/texts.ts';
import {Tokens} from '../manage/tokens.tsx';
import {DeleteUser} from './delete-user.tsx';
import {UserExplain} from './user-explain.tsx';
import {UserLock} from './user-lock.tsx';
import {UserPassword} from './user-password.tsx';
import {UserProfile} from './user-profile.tsx';
import {userQuery} from './user-query.ts';
import {UserRights} from './user-rights.tsx';
import {UserSessions} from './user-sessions.tsx';
import {UserTeams} from './user-teams.tsx';

export function UserPage() {
  const {user: id = ''} = useParams();
  const {
    data: {body: user, etag},
  } = useSuspenseQuery(userQuery(id));
  return (
    <Page
      title={user.username}
      crumbs={[{title: t('admin.users.title'), to: '/admin/users'}]}
      actions={
        <>
          <Button
            component={Link}
            to={`/activities?${new URLSearchParams({actor: user.username}).toString()}`}
            variant="default"
          >
            {t('admin.users.activities')}
          </Button>
          <DeleteButton
            label={t('admin.users.delete')}
            dialog={(state) => <DeleteUser user={user} {...state} />}
          />
        </>
      }
    >
      <Group gap="xs">
        <Badge variant="default">{t('admin.users.from', {provider: user.provider})}</Badge>
        {user.admin && <Badge variant="light">{t('admin.users.admin')}</Badge>}
        {!user.enabled && (
          <Badge variant="light" color="red">
            {t('admin.users.disabled')}
          </Badge>
        )}
      </Group>
      <UserLock user={user} />
      <UserRights user={user} />
      <UserProfile key={etag} user={user} etag={etag} />
      {user.provider === 'local' && <UserPassword user={user} />}
      <UserTeams user={user} />
      <UserExplain user={user} />
      <UserSessions user={user} />
      <Tokens account={user.username} />
    </Page>
  );
}
