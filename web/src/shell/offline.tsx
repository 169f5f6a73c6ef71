/** A bar over the page while the browser knows that it has no network. */
import {Alert} from '@mantine/core';
import {useNetwork} from '@mantine/hooks';
import {t} from '../texts/texts.ts';

export function Offline() {
  const {online} = useNetwork();
  if (online) return null;
  return (
    <Alert color="orange" radius={0} role="alert" title={t('shell.offline.title')}>
      {t('shell.offline.text')}
    </Alert>
  );
}
