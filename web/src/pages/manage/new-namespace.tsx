/** Makes a namespace; whether it may have its name is told while that is typed. */
import {Button, Group, Stack, TextInput} from '@mantine/core';
import {useDebouncedValue} from '@mantine/hooks';
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate, useSearchParams} from 'react-router';
import {IconCheck} from '../../parts/icons.tsx';
import {addresses} from '../../addresses.ts';
import {client, read} from '../../api/client.ts';
import type {Visibility} from '../../api/types.ts';
import {DescriptionField} from '../../parts/description-field.tsx';
import {FormProblem} from '../../parts/form-problem.tsx';
import {NamePicker} from '../../parts/name-picker.tsx';
import {Page} from '../../parts/page.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {VisibilityChoice} from './visibility-choice.tsx';

/** In milliseconds. */
const pause = 300;

export function NewNamespace() {
  const [search] = useSearchParams();
  const [name, setName] = useState(search.get('name') ?? '');
  const [team, setTeam] = useState(search.get('team') ?? '');
  const [visibility, setVisibility] = useState<Visibility>('private');
  const [description, setDescription] = useState('');
  const navigate = useNavigate();
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.POST('/namespaces', {
          body: {name: name.trim(), team: team.trim(), visibility, description},
        }),
      ),
    changes: [['content', 'list'], ['teams'], ['namespaces']],
    done: (made) => t('manage.namespace.madeOne', {name: made.name}),
    onDone: (made) => void navigate(addresses.namespace(made.name)),
  });
  const verdict = useVerdict(name.trim());
  return (
    <Page
      title={t('manage.namespace.make')}
      crumbs={[{title: t('navigation.namespaces'), to: '/namespaces'}]}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(undefined);
        }}
      >
        <Stack maw={640}>
          <FormProblem error={error} fields={['name', 'team', 'visibility', 'description']} />
          <TextInput
            required
            label={t('manage.namespace.name')}
            description={t('manage.namespace.nameMeans')}
            value={name}
            error={faults['name'] ?? verdict?.problem}
            rightSection={
              verdict?.isGood && <IconCheck size={16} label={t('manage.namespace.isFree')} />
            }
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <NamePicker
            kind="teams"
            required
            label={t('manage.namespace.team')}
            description={t('manage.namespace.teamMeans')}
            value={team}
            onChange={setTeam}
            error={faults['team']}
          />
          <VisibilityChoice
            value={visibility}
            onChange={setVisibility}
            error={faults['visibility']}
          />
          <DescriptionField
            value={description}
            onChange={setDescription}
            error={faults['description']}
          />
          <Group>
            <Button type="submit" loading={isPending}>
              {t('manage.namespace.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

interface Verdict {
  readonly isGood: boolean;
  readonly problem: string | undefined;
}

/** Of what stands there for a moment. */
function useVerdict(name: string): Verdict | undefined {
  const [asked] = useDebouncedValue(name, pause);
  const {data} = useQuery({
    queryKey: ['namespaces', 'validate', asked],
    queryFn: async ({signal}) =>
      read(client.GET('/namespaces/validate', {signal, params: {query: {name: asked}}})),
    enabled: asked !== '',
  });
  if (asked !== name || !data) return undefined;
  return {isGood: data.valid, problem: data.messages.name?.join('; ')};
}
