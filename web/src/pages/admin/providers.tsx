/** Tries whoever is asked about names and passwords, from the server itself. */
import {Stack, Text} from '@mantine/core';
import {Empty} from '../../parts/empty.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {ProviderTrial} from './provider-trial.tsx';

export function Providers() {
  const {passwordProviders, providers} = useSession();
  const asked = passwordProviders.filter(({kind}) => kind === 'ldap' || kind === 'keystone');
  if (asked.length === 0 && providers.length === 0) {
    return <Empty text={t('admin.providers.none')} />;
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('admin.providers.means')}
      </Text>
      {asked.map(({id, kind, displayName}) => (
        <ProviderTrial
          key={id}
          id={id}
          title={displayName}
          kind={kind === 'ldap' ? 'ldap' : 'keystone'}
        />
      ))}
      {providers.map(({id, displayName}) => (
        <ProviderTrial key={id} id={id} title={displayName} kind="oidc" />
      ))}
    </Stack>
  );
}
