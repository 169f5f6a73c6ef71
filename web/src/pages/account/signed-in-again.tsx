/** Where a window ends that was opened to sign in once more: the one that waits for it goes on. */
import {Text} from '@mantine/core';
import {useEffect} from 'react';
import {Navigate} from 'react-router';
import {tellSignedIn} from '../../session/other-windows.ts';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {Sheet} from './sheet.tsx';

export function SignedInAgain() {
  const {user} = useSession();
  useEffect(() => {
    if (user) tellSignedIn();
  }, [user]);
  if (!user) return <Navigate to="/sign-in" replace />;
  return (
    <Sheet title={t('account.again.title', {name: user.name})}>
      <Text>{t('account.again.text')}</Text>
    </Sheet>
  );
}
