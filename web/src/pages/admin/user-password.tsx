/** Gives somebody another password. */
import {Button, Group, PasswordInput, Stack, Text} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {WholeUser} from '../../api/types.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function UserPassword({user}: {readonly user: WholeUser}) {
  const [password, setPassword] = useState('');
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(client.PUT('/users/{id}', {params: {path: {id: user.id}}, body: {password}})),
    changes: [['users'], ['sessions', user.username]],
    done: () => t('admin.password.done', {name: user.username}),
    onDone: () => {
      setPassword('');
    },
  });
  return (
    <Section title={t('admin.password.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(undefined);
        }}
      >
        <Stack maw={480}>
          <Text size="sm">{t('admin.password.means')}</Text>
          <FormProblem error={error} fields={['password']} />
          <input type="hidden" name="username" value={user.username} autoComplete="username" />
          <PasswordInput
            required
            label={t('admin.password.next')}
            value={password}
            error={faults['password']}
            autoComplete="new-password"
            onChange={(event) => {
              setPassword(event.currentTarget.value);
            }}
          />
          <Group>
            <Button type="submit" variant="default" loading={isPending}>
              {t('admin.password.set')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
