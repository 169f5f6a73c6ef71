/** Whether somebody may log in, and everything. */
import {Stack, Switch, Text} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {WholeUser} from '../../api/types.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

type Wanted = 'disable' | 'enable' | 'makeAdmin' | 'unmakeAdmin';

const bodies = {
  disable: {enabled: false},
  enable: {enabled: true},
  makeAdmin: {admin: true},
  unmakeAdmin: {admin: false},
} as const satisfies Readonly<Record<Wanted, object>>;

export function UserRights({user}: {readonly user: WholeUser}) {
  const [wanted, setWanted] = useState<Wanted>();
  // It is shown while the dialog goes.
  const [shown, setShown] = useState<Wanted>('disable');
  const {finish} = useChange({
    change: async (what: Wanted) =>
      read(client.PUT('/users/{id}', {params: {path: {id: user.id}}, body: bodies[what]})),
    changes: [['users'], ['sessions', user.username]],
    done: (_, what) => t(`admin.rights.done.${what}`, {name: user.username}),
  });
  const ask = (what: Wanted): void => {
    setShown(what);
    setWanted(what);
  };
  return (
    <Section title={t('admin.rights.title')}>
      <Stack>
        <Switch
          label={t('admin.rights.enabled')}
          description={t('admin.rights.enabledMeans')}
          checked={user.enabled}
          onChange={(event) => {
            ask(event.currentTarget.checked ? 'enable' : 'disable');
          }}
        />
        <Switch
          label={t('admin.users.isAdmin')}
          description={t('admin.users.adminMeans')}
          checked={user.admin}
          onChange={(event) => {
            ask(event.currentTarget.checked ? 'makeAdmin' : 'unmakeAdmin');
          }}
        />
      </Stack>
      <ConfirmDialog
        isOpen={wanted !== undefined}
        onClose={() => {
          setWanted(undefined);
        }}
        title={t(`admin.rights.ask.${shown}`, {name: user.username})}
        action={t(`admin.rights.action.${shown}`)}
        onConfirm={async () => {
          await finish(shown);
        }}
      >
        <Text size="sm" className="wraps">
          {t(`admin.rights.means.${shown}`, {name: user.username})}
        </Text>
      </ConfirmDialog>
    </Section>
  );
}
