import {Button, Group, PasswordInput, Stack, Text} from '@mantine/core';
import {type SubmitEvent, useState} from 'react';
import {client, read} from '../api/client.ts';
import {t} from '../texts/texts.ts';

export function AgainHere({
  name,
  attempt,
  onLeave,
}: {
  readonly name: string;
  /** Tells what goes wrong, and goes on otherwise. */
  readonly attempt: (signIn: () => Promise<void>) => Promise<void>;
  readonly onLeave: () => void;
}) {
  const [password, setPassword] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void attempt(async () => {
      await read(client.POST('/session', {body: {username: name, password}}));
      setPassword('');
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" className="wraps">
          {t('signInAgain.text', {name})}
        </Text>
        <PasswordInput
          data-autofocus
          required
          label={t('signIn.password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>
            {t('signInAgain.leave')}
          </Button>
          <Button type="submit">{t('shell.signIn')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
