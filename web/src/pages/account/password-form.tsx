/** Another password, by whoever shows that he has the present one. */
import {Button, Group, PasswordInput, Stack, Text} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {type SubmitEvent, useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {Session} from '../../api/types.ts';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {faultsAt} from './faults-at.ts';
import {isChosen, NewPassword, noPassword} from './new-password.tsx';
import {Refused} from './refused.tsx';

export function PasswordForm({user}: {readonly user: NonNullable<Session['user']>}) {
  const [present, setPresent] = useState('');
  const [pair, setPair] = useState(noPassword);
  const queryClient = useQueryClient();
  const {mutate, isPending, error} = useMutation({
    mutationFn: async () =>
      read(
        client.PUT('/users/{id}', {
          params: {path: {id: user.id}},
          body: {user: {password: pair.password, current_password: present}},
        }),
      ),
    onSuccess: async () => {
      setPresent('');
      setPair(noPassword);
      tell.done(t('account.passwordChanged'));
      await queryClient.invalidateQueries({queryKey: ['users']});
    },
  });
  if (!user.canChangePassword) return <Text size="sm">{t('account.passwordElsewhere')}</Text>;
  const {at} = faultsAt(error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isChosen(pair)) mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('account.passwordText')}
        </Text>
        <Refused error={error} />
        {/* For whatever keeps passwords. */}
        <input type="hidden" name="username" value={user.name} autoComplete="username" />
        <PasswordInput
          required
          label={t('account.presentPassword')}
          autoComplete="current-password"
          value={present}
          error={at('current_password')}
          onChange={(event) => {
            setPresent(event.currentTarget.value);
          }}
        />
        <NewPassword
          label={t('account.newPassword')}
          value={pair}
          onChange={setPair}
          error={at('password')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={!isChosen(pair)}>
            {t('account.changePassword')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
