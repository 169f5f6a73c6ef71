/** Makes a robot, and shows its token this once. */
import {Button, Group, Modal, Stack, TextInput} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {Role} from '../../api/types.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {NamePicker} from '../../parts/name-picker.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {LifetimeSelect} from '../../parts/lifetime-select.tsx';
import {NewToken} from '../../parts/new-token.tsx';
import {RoleSelect} from './role-select.tsx';

interface Made {
  readonly name: string;
  readonly token: string;
}

export function NewRobot({
  isOpen,
  onClose,
  team: ofTeam,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** To which it belongs in any case. */
  readonly team?: string;
}) {
  const [made, setMade] = useState<Made>();
  const close = (): void => {
    setMade(undefined);
    onClose();
  };
  return (
    // A token is not lost by a click beside it.
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('manage.robots.make')}
      size="lg"
      closeOnClickOutside={!made}
    >
      {made ? (
        <NewToken {...made} onSeen={close} />
      ) : (
        <RobotForm team={ofTeam} onMade={setMade} onClose={close} />
      )}
    </Modal>
  );
}

function RobotForm({
  team: ofTeam,
  onMade,
  onClose,
}: {
  readonly team: string | undefined;
  readonly onMade: (made: Made) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [team, setTeam] = useState(ofTeam ?? '');
  const [role, setRole] = useState<Role>('contributor');
  const [description, setDescription] = useState('');
  const [lifetime, setLifetime] = useState<string>();
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.POST('/robots', {
          body: {
            username: name.trim(),
            team: team.trim(),
            role,
            ...(description === '' ? {} : {description}),
            ...(lifetime === undefined ? {} : {expires_in: lifetime}),
          },
        }),
      ),
    changes: [['robots'], ['teams']],
    done: (robot) => t('manage.robots.made', {name: robot.username}),
    onDone: (robot) => {
      onMade({name: robot.username, token: robot.plain_token});
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start(undefined);
      }}
    >
      <Stack>
        <FormProblem
          error={error}
          fields={['username', 'team', 'role', 'description', 'expires_in']}
        />
        <TextInput
          data-autofocus
          required
          label={t('manage.robots.name')}
          value={name}
          error={faults['username']}
          spellCheck={false}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        {ofTeam === undefined && (
          <NamePicker
            kind="teams"
            required
            label={t('manage.robots.team')}
            description={t('manage.robots.teamMeans')}
            value={team}
            onChange={setTeam}
            error={faults['team']}
          />
        )}
        <RoleSelect
          label={t('manage.members.role')}
          description={t(`manage.roles.means.${role}`)}
          value={role}
          onChange={setRole}
          error={faults['role']}
        />
        <TextInput
          label={t('manage.description.title')}
          value={description}
          error={faults['description']}
          onChange={(event) => {
            setDescription(event.currentTarget.value);
          }}
        />
        <LifetimeSelect value={lifetime} onChange={setLifetime} error={faults['expires_in']} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('confirm.cancel')}
          </Button>
          <Button type="submit" loading={isPending}>
            {t('manage.robots.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
