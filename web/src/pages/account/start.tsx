/** The first start: the code that it printed makes the first account, which is the admin. */
import {Anchor, Text} from '@mantine/core';
import {useState} from 'react';
import {Link, Navigate} from 'react-router';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {ClaimForm} from './claim-form.tsx';
import {FirstAccountForm} from './first-account-form.tsx';
import {Sheet} from './sheet.tsx';

export function Start() {
  const {user, authMode, hasAdmin, firstAdmin, providers, passwordProviders} = useSession();
  // As it was: whoever has just become the admin is led on.
  const [isOver] = useState(hasAdmin);
  const isDone = !isOver && user?.isAdmin === true;
  if (authMode === 'none' || isDone) return <Navigate to="/connect" replace />;
  if (isOver) {
    return (
      <Sheet title={t('account.start.over')}>
        <Text>{t('account.start.overText')}</Text>
        <Anchor component={Link} to={user ? '/' : '/sign-in'}>
          {t(user ? 'noPage.home' : 'account.start.toSignIn')}
        </Anchor>
      </Sheet>
    );
  }
  const asksForCode = firstAdmin !== 'open';
  if (user) {
    return (
      <Sheet title={t('account.start.title')}>
        <Text>{t('account.start.claimText', {name: user.name})}</Text>
        <ClaimForm asksForCode={asksForCode} />
      </Sheet>
    );
  }
  const hasOthers = providers.length > 0 || passwordProviders.some(({kind}) => kind !== 'local');
  return (
    <Sheet title={t('account.start.title')}>
      <Text>{t('account.start.text')}</Text>
      <FirstAccountForm asksForCode={asksForCode} />
      {hasOthers && (
        <Text size="sm">
          {t('account.start.others')}{' '}
          <Anchor component={Link} underline="always" to="/sign-in?to=/start">
            {t('account.start.toSignIn')}
          </Anchor>
        </Text>
      )}
    </Sheet>
  );
}
