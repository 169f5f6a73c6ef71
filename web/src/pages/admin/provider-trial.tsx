/** A provider, and a name and a password to try there. */
import {Button, Group, PasswordInput, Stack, Text, TextInput} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {ProviderTest} from '../../api/types.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {TrialResult} from './trial-result.tsx';

type Kind = 'ldap' | 'keystone' | 'oidc';

export function ProviderTrial({
  id,
  title,
  kind,
}: {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
}) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [found, setFound] = useState<ProviderTest>();
  const {start, isPending, error, faults} = useChange({
    change: async () => tryOut({kind, id, name: name.trim(), password}),
    changes: [],
    onDone: setFound,
  });
  return (
    <Section title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(undefined);
        }}
      >
        <Stack>
          <FormProblem error={error} fields={['username', 'password']} />
          {kind !== 'oidc' && (
            <Group align="flex-start">
              <TextInput
                label={t('admin.providers.name')}
                value={name}
                error={faults['username']}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                }}
              />
              <PasswordInput
                w={220}
                label={t('admin.providers.password')}
                value={password}
                error={faults['password']}
                autoComplete="off"
                onChange={(event) => {
                  setPassword(event.currentTarget.value);
                }}
              />
            </Group>
          )}
          {kind !== 'oidc' && (
            <Text size="sm" c="dimmed">
              {t('admin.providers.optional')}
            </Text>
          )}
          <Group>
            <Button type="submit" variant="default" loading={isPending}>
              {t('admin.providers.try')}
            </Button>
          </Group>
        </Stack>
      </form>
      {found && !isPending && <TrialResult found={found} />}
    </Section>
  );
}

async function tryOut({
  kind,
  id,
  name,
  password,
}: {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  readonly password: string;
}): Promise<ProviderTest> {
  const body = name === '' ? {} : {username: name, password};
  switch (kind) {
    case 'ldap':
      return read(client.POST('/ldap/test', {body}));
    case 'keystone':
      return read(client.POST('/keystone/test', {body}));
    case 'oidc':
      return read(client.POST('/oidc/test', {body: {id}}));
  }
}
