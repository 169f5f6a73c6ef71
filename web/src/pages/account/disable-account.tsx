/** The end of one's own account, until an admin enables it again. */
import {Button, Group, PasswordInput, Text} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {Session} from '../../api/types.ts';
import {addressOf} from '../../base.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {t} from '../../texts/texts.ts';

export function DisableAccount({user}: {readonly user: NonNullable<Session['user']>}) {
  const [isOpen, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  const close = (): void => {
    setOpen(false);
    setPassword('');
  };
  const disable = async (): Promise<void> => {
    const proof = user.canChangePassword ? {current_password: password} : {};
    await read(
      client.PUT('/users/{id}', {
        params: {path: {id: user.id}},
        body: {user: {enabled: false, ...proof}},
      }),
    );
    // Nothing that was asked for before is his any more.
    window.location.assign(addressOf('sign-in'));
  };
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('account.disable.text')}
      </Text>
      <Group mt="sm">
        <Button
          color="red"
          variant="light"
          onClick={() => {
            setOpen(true);
          }}
        >
          {t('account.disable.open')}
        </Button>
      </Group>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={t('account.disable.title')}
        action={t('account.disable.open')}
        onConfirm={disable}
        isReady={!user.canChangePassword || password !== ''}
      >
        <Text size="sm">{t('account.disable.text')}</Text>
        {user.canChangePassword && (
          <PasswordInput
            required
            label={t('account.presentPassword')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
            }}
          />
        )}
      </ConfirmDialog>
    </>
  );
}
