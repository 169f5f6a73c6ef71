/** Makes a team that belongs to whoever makes it. */
import {Button, Group, Modal, Stack, TextInput} from '@mantine/core';
import {useNavigate} from 'react-router';
import {useState} from 'react';
import {addresses} from '../../addresses.ts';
import {client, read} from '../../api/client.ts';
import {DescriptionField} from '../../parts/description-field.tsx';
import {FormProblem} from '../../parts/form-problem.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function NewTeam({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const navigate = useNavigate();
  const {start, isPending, error, faults} = useChange({
    change: async () => read(client.POST('/teams', {body: {name: name.trim(), description}})),
    changes: [['teams']],
    done: (team) => t('manage.teams.madeOne', {name: team.name}),
    onDone: (team) => void navigate(addresses.team(team.name)),
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('manage.teams.make')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(undefined);
        }}
      >
        <Stack>
          <FormProblem error={error} fields={['name', 'description']} />
          <TextInput
            data-autofocus
            required
            label={t('manage.teams.name')}
            description={t('manage.teams.nameMeans')}
            value={name}
            error={faults['name']}
            spellCheck={false}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <DescriptionField
            value={description}
            onChange={setDescription}
            error={faults['description']}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('confirm.cancel')}
            </Button>
            <Button type="submit" loading={isPending}>
              {t('manage.teams.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
