/** Takes somebody into a team. */
import {Button, Group, Stack} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {Role, Team} from '../../api/types.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {NamePicker} from '../../parts/name-picker.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {RoleSelect} from './role-select.tsx';

export function AddMember({team}: {readonly team: Team}) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('contributor');
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.POST('/teams/{id}/members', {
          params: {path: {id: team.id}},
          body: {user: name.trim(), role},
        }),
      ),
    changes: [['teams']],
    done: (member) =>
      t('manage.members.added', {
        name: member.username,
        role: t(`manage.roles.${member.role}`),
      }),
    onDone: () => {
      setName('');
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start(undefined);
      }}
    >
      <Stack gap="sm">
        <FormProblem error={error} fields={['user', 'role']} />
        <Group align="flex-start" gap="sm">
          <NamePicker
            kind="users"
            required
            label={t('manage.members.name')}
            value={name}
            onChange={setName}
            error={faults['user']}
          />
          <RoleSelect
            w={160}
            label={t('manage.members.role')}
            value={role}
            onChange={setRole}
            error={faults['role']}
          />
          <Button type="submit" loading={isPending} mt={25}>
            {t('manage.members.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
