/** Makes an account for somebody. */
import {Button, Checkbox, Group, Modal, PasswordInput, Stack, TextInput} from '@mantine/core';
import {useState} from 'react';
import {useNavigate} from 'react-router';
import {addresses} from '../../addresses.ts';
import {client, read} from '../../api/client.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function NewUser({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [shown, setShown] = useState('');
  const [password, setPassword] = useState('');
  const [isAdmin, setAdmin] = useState(false);
  const navigate = useNavigate();
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.POST('/users', {
          body: {
            username: name.trim(),
            password,
            email: email.trim(),
            display_name: shown,
            admin: isAdmin,
          },
        }),
      ),
    changes: [['users']],
    done: ({username}) => t('admin.users.madeOne', {name: username}),
    onDone: ({username}) => void navigate(addresses.user(username)),
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('admin.users.make')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(undefined);
        }}
      >
        <Stack>
          <FormProblem
            error={error}
            fields={['username', 'password', 'email', 'display_name', 'admin']}
          />
          <TextInput
            data-autofocus
            required
            label={t('admin.users.name')}
            value={name}
            error={faults['username']}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <PasswordInput
            required
            label={t('admin.users.password')}
            description={t('admin.users.passwordMeans')}
            value={password}
            error={faults['password']}
            autoComplete="new-password"
            onChange={(event) => {
              setPassword(event.currentTarget.value);
            }}
          />
          <TextInput
            type="email"
            label={t('admin.users.email')}
            value={email}
            error={faults['email']}
            autoComplete="off"
            onChange={(event) => {
              setEmail(event.currentTarget.value);
            }}
          />
          <TextInput
            label={t('admin.users.displayName')}
            value={shown}
            error={faults['display_name']}
            autoComplete="off"
            onChange={(event) => {
              setShown(event.currentTarget.value);
            }}
          />
          <Checkbox
            label={t('admin.users.isAdmin')}
            description={t('admin.users.adminMeans')}
            checked={isAdmin}
            error={faults['admin']}
            onChange={(event) => {
              setAdmin(event.currentTarget.checked);
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('confirm.cancel')}
            </Button>
            <Button type="submit" loading={isPending}>
              {t('admin.users.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
