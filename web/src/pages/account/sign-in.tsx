/** Where one signs in, by whichever way this registry has, and is led back from to the page that one came for. */
import {Anchor, Divider, Group, Stack, Text} from '@mantine/core';
import {useState} from 'react';
import {Link, Navigate, useSearchParams} from 'react-router';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {localPath} from './local-path.ts';
import {ProviderButtons} from './provider-buttons.tsx';
import {Sheet} from './sheet.tsx';
import {SignInForm} from './sign-in-form.tsx';
import {SignInProblem} from './sign-in-problem.tsx';

export function SignIn() {
  const session = useSession();
  const [search] = useSearchParams();
  const [isRemembered, setRemembered] = useState(false);
  const [wasSignedIn] = useState(session.user !== undefined);
  const to = localPath(search.get('to'));
  const {user, authMode, providers, passwordProviders, hasAdmin, signUp, anonymous} = session;
  const problem = search.get('problem');
  // What went wrong at a provider is told to whoever is signed in still.
  const isTold = problem !== null && wasSignedIn;
  if (authMode === 'none' || (user && !isTold)) return <Navigate to={to} replace />;
  const hasPasswords = passwordProviders.length > 0;
  return (
    <Sheet title={t('account.signIn.title')}>
      {problem !== null && (
        <SignInProblem
          problem={problem}
          provider={providers.find(({id}) => id === search.get('provider'))?.displayName}
          request={search.get('request')}
        />
      )}
      {user && (
        <Anchor component={Link} to={to}>
          {t('account.signIn.already', {name: user.name})}
        </Anchor>
      )}
      {hasPasswords && (
        <SignInForm session={session} isRemembered={isRemembered} setRemembered={setRemembered} />
      )}
      {providers.length > 0 && (
        <Stack gap="sm">
          {hasPasswords && <Divider label={t('account.signIn.or')} />}
          <ProviderButtons providers={providers} to={to} isRemembered={isRemembered} />
        </Stack>
      )}
      <Group gap="md">
        {signUp && (
          <Text size="sm">
            {t('account.signIn.noAccount')}{' '}
            <Anchor
              component={Link}
              underline="always"
              to={`/sign-up?${new URLSearchParams({to}).toString()}`}
            >
              {t('account.signUp.title')}
            </Anchor>
          </Text>
        )}
        {!hasAdmin && (
          <Text size="sm">
            {t('account.signIn.noAdmin')}{' '}
            <Anchor component={Link} underline="always" to="/start">
              {t('account.signIn.start')}
            </Anchor>
          </Text>
        )}
        {anonymous && hasAdmin && (
          <Anchor component={Link} to="/" size="sm">
            {t('account.signIn.browse')}
          </Anchor>
        )}
      </Group>
    </Sheet>
  );
}
