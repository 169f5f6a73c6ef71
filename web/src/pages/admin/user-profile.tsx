/** What others call somebody, and where he is written to. */
import {Button, Group, Stack, TextInput} from '@mantine/core';
import {useState} from 'react';
import {client, ifMatch, read} from '../../api/client.ts';
import type {WholeUser} from '../../api/types.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function UserProfile({
  user,
  etag,
}: {
  readonly user: WholeUser;
  readonly etag: string | undefined;
}) {
  const [email, setEmail] = useState(user.email ?? '');
  const [shown, setShown] = useState(user.display_name ?? '');
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.PUT('/users/{id}', {
          params: {path: {id: user.id}, header: ifMatch(etag)},
          body: {email: email.trim(), display_name: shown},
        }),
      ),
    changes: [['users']],
    done: () => t('admin.users.saved', {name: user.username}),
  });
  return (
    <Section title={t('admin.users.profile')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(undefined);
        }}
      >
        <Stack maw={480}>
          <FormProblem error={error} fields={['email', 'display_name']} />
          <TextInput
            label={t('admin.users.displayName')}
            value={shown}
            error={faults['display_name']}
            autoComplete="off"
            onChange={(event) => {
              setShown(event.currentTarget.value);
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
          <Group>
            <Button type="submit" variant="default" loading={isPending}>
              {t('admin.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
