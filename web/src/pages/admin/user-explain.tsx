/** Why somebody may pull, push or delete, or may not. */
import {Alert, Anchor, Button, Group, NativeSelect, Stack, Text, TextInput} from '@mantine/core';
import {useState} from 'react';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import {client, read} from '../../api/client.ts';
import type {Explanation, WholeUser} from '../../api/types.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

const actions = ['pull', 'push', 'delete'] as const;
type Action = (typeof actions)[number];

export function UserExplain({user}: {readonly user: WholeUser}) {
  const [repository, setRepository] = useState('');
  const [action, setAction] = useState<Action>('push');
  const [found, setFound] = useState<Explanation>();
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.GET('/explain', {
          params: {query: {repository: repository.trim(), action, user: user.username}},
        }),
      ),
    changes: [],
    onDone: setFound,
  });
  return (
    <Section title={t('admin.explain.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(undefined);
        }}
      >
        <Stack gap="sm">
          <FormProblem error={error} fields={['repository', 'action']} />
          <Group align="flex-start">
            <TextInput
              required
              label={t('admin.explain.repository')}
              placeholder="tools/saw"
              value={repository}
              error={faults['repository']}
              spellCheck={false}
              onChange={(event) => {
                setRepository(event.currentTarget.value);
              }}
            />
            <NativeSelect
              label={t('admin.explain.action')}
              data={actions.map((each) => ({
                value: each,
                label: t(`admin.explain.actions.${each}`),
              }))}
              value={action}
              error={faults['action']}
              onChange={(event) => {
                const chosen = actions.find((each) => each === event.currentTarget.value);
                if (chosen) setAction(chosen);
              }}
            />
            <Button type="submit" variant="default" loading={isPending} mt={25}>
              {t('admin.explain.ask')}
            </Button>
          </Group>
        </Stack>
      </form>
      {found && !isPending && !error && <Answer found={found} />}
    </Section>
  );
}

function Answer({found: {allowed, explanation, advice, team}}: {readonly found: Explanation}) {
  return (
    <Alert
      role="status"
      color={allowed ? 'green' : 'orange'}
      title={t(allowed ? 'admin.explain.may' : 'admin.explain.mayNot')}
    >
      <Stack gap="xs">
        <Text size="sm" className="wraps">
          {explanation}
        </Text>
        {advice !== null && (
          <Text size="sm" className="wraps">
            <Text span inherit fw={600}>
              {t('admin.explain.toChange')}
            </Text>{' '}
            {advice}
          </Text>
        )}
        {team !== null && (
          <Anchor component={Link} to={addresses.team(team)} size="sm" underline="always">
            {t('admin.explain.team', {team})}
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}
