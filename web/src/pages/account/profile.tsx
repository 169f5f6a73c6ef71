/** What belongs to whoever has signed in. */
import {Anchor, Button, Stack} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {IconKey} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import {Loading} from '../../parts/loading.tsx';
import {Page} from '../../parts/page.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {useSession} from '../../session/use-session.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import {DisableAccount} from './disable-account.tsx';
import {Memberships} from './memberships.tsx';
import {OwnData} from './own-data.tsx';
import {PasswordForm} from './password-form.tsx';
import {Sessions} from './sessions.tsx';

export function Profile() {
  const {user, hasAdmin} = useSession();
  const id = user?.id ?? '';
  const {data, error} = useQuery({
    queryKey: ['users', id],
    queryFn: async ({signal}) => read(client.GET('/users/{id}', {signal, params: {path: {id}}})),
    enabled: user !== undefined,
  });
  return (
    <Page
      title={t('navigation.profile')}
      actions={
        <Button
          component={Link}
          to="/profile/tokens"
          variant="default"
          leftSection={<IconKey size={16} />}
        >
          {t('navigation.tokens')}
        </Button>
      }
    >
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {user && data && (
        <Stack maw={760}>
          {!hasAdmin && (
            <Section title={t('account.start.title')}>
              <Anchor component={Link} to="/start">
                {t('account.start.claim')}
              </Anchor>
            </Section>
          )}
          <OwnData user={data} />
          <Memberships user={data} />
          <Section title={t('account.changePassword')}>
            <PasswordForm user={user} />
          </Section>
          <Sessions id={id} />
          <Section title={t('account.disable.title')}>
            <DisableAccount user={user} />
          </Section>
        </Stack>
      )}
    </Page>
  );
}
