/** By name and password, whoever is asked about them. */
import {Button, Checkbox, PasswordInput, Stack, Text} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {type SubmitEvent, useRef, useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {Session} from '../../api/types.ts';
import {useEnter} from '../../session/use-enter.ts';
import {t} from '../../texts/texts.ts';
import {Refused} from './refused.tsx';
import {UserNameInput} from './user-name-input.tsx';

export function SignInForm({
  session: {passwordProviders, canRemember},
  isRemembered,
  setRemembered,
}: {
  readonly session: Session;
  readonly isRemembered: boolean;
  readonly setRemembered: (isRemembered: boolean) => void;
}) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  const enter = useEnter();
  const {mutate, isPending, error} = useMutation({
    mutationFn: async () => {
      const remember = isRemembered && canRemember;
      await read(client.POST('/session', {body: {username: username.trim(), password, remember}}));
      await enter();
    },
    onError: () => {
      setPassword('');
      passwordField.current?.focus();
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    mutate();
  };
  const sources = passwordProviders.map(({kind, displayName}) =>
    kind === 'local' ? t('account.signIn.local') : displayName,
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Refused
          error={error}
          texts={{
            unauthorized: t('account.signIn.wrong'),
            unavailable: t('account.signIn.unavailable'),
          }}
        />
        <UserNameInput
          data-autofocus
          value={username}
          onChange={(event) => {
            setUsername(event.currentTarget.value);
          }}
        />
        <PasswordInput
          ref={passwordField}
          required
          label={t('account.password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        {sources.length > 1 && (
          <Text size="xs" c="dimmed" className="wraps">
            {t('account.signIn.sources', {sources: sources.join(', ')})}
          </Text>
        )}
        {canRemember && (
          <Checkbox
            label={t('account.signIn.remember')}
            checked={isRemembered}
            onChange={(event) => {
              setRemembered(event.currentTarget.checked);
            }}
          />
        )}
        <Button type="submit" loading={isPending}>
          {t('shell.signIn')}
        </Button>
      </Stack>
    </form>
  );
}
