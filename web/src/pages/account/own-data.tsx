/** The name that others see, and where mail goes. */
import {Badge, Button, Group, Stack, Text, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {type SubmitEvent, useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {OwnUser, Session} from '../../api/types.ts';
import {tell} from '../../parts/tell.ts';
import {sessionQuery, useSession} from '../../session/use-session.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import {faultsAt} from './faults-at.ts';
import {Refused} from './refused.tsx';

export function OwnData({user}: {readonly user: OwnUser}) {
  const [email, setEmail] = useState(user.email ?? '');
  const [shown, setShown] = useState(user.display_name ?? '');
  const isOtherEmail = email !== (user.email ?? '');
  const isOtherName = shown !== (user.display_name ?? '');
  const session = useSession();
  const queryClient = useQueryClient();
  const {mutate, isPending, error} = useMutation({
    mutationFn: async () =>
      read(
        client.PUT('/users/{id}', {
          params: {path: {id: user.id}},
          // What an admin has changed meanwhile, and he has not, is not overwritten.
          body: {
            user: {
              ...(isOtherEmail ? {email} : {}),
              ...(isOtherName ? {display_name: shown} : {}),
            },
          },
        }),
      ),
    onSuccess: async () => {
      tell.done(t('account.saved'));
      await queryClient.invalidateQueries({queryKey: ['users']});
      await queryClient.invalidateQueries(sessionQuery);
    },
  });
  const {at} = faultsAt(error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <Section
      title={t('account.ownData')}
      actions={user.admin && <Badge variant="light">{t('account.admin')}</Badge>}
    >
      <Text size="sm" className="wraps">
        {t('account.signedInAs', {name: user.username, source: sourceOf(session, user.provider)})}
      </Text>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Refused error={error} />
          <TextInput
            label={t('account.displayName')}
            autoComplete="name"
            maxLength={128}
            value={shown}
            error={at('display_name')}
            onChange={(event) => {
              setShown(event.currentTarget.value);
            }}
          />
          <TextInput
            type="email"
            label={t('account.email')}
            autoComplete="email"
            maxLength={254}
            value={email}
            error={at('email')}
            onChange={(event) => {
              setEmail(event.currentTarget.value);
            }}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={isPending} disabled={!isOtherEmail && !isOtherName}>
              {t('account.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** Where the account comes from, as the page of the sign-in calls it. */
function sourceOf({passwordProviders, providers}: Session, provider: string): string {
  if (provider === 'local') return t('account.signIn.local');
  const all = [
    ...passwordProviders,
    ...providers.map((each) => ({...each, id: `oidc:${each.id}`})),
  ];
  return all.find(({id}) => id === provider)?.displayName ?? provider;
}
