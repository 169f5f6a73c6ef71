/** Where people make accounts themselves. */
import {Anchor, Button, Stack, Text, TextInput} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {type SubmitEvent, useState} from 'react';
import {Link, Navigate, useSearchParams} from 'react-router';
import {client, read} from '../../api/client.ts';
import {useEnter} from '../../session/use-enter.ts';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {faultsAt} from './faults-at.ts';
import {localPath} from './local-path.ts';
import {isChosen, NewPassword, noPassword} from './new-password.tsx';
import {Refused} from './refused.tsx';
import {Sheet} from './sheet.tsx';
import {UserNameInput} from './user-name-input.tsx';

export function SignUp() {
  const {user, authMode, signUp} = useSession();
  const [search] = useSearchParams();
  const to = localPath(search.get('to'));
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [pair, setPair] = useState(noPassword);
  const enter = useEnter();
  const {mutate, isPending, error} = useMutation({
    mutationFn: async () => {
      const {password} = pair;
      await read(client.POST('/session/sign-up', {body: {username, password, email}}));
      await enter();
    },
  });
  if (user || authMode === 'none') return <Navigate to={to} replace />;
  const toSignIn = (
    <Anchor component={Link} to={`/sign-in?${new URLSearchParams({to}).toString()}`} size="sm">
      {t('account.start.toSignIn')}
    </Anchor>
  );
  if (!signUp) {
    return (
      <Sheet title={t('account.signUp.title')}>
        <Text>{t('account.signUp.off')}</Text>
        {toSignIn}
      </Sheet>
    );
  }
  const {at} = faultsAt(error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isChosen(pair)) mutate();
  };
  return (
    <Sheet title={t('account.signUp.title')}>
      <form onSubmit={submit}>
        <Stack>
          <Refused error={error} texts={{off: t('account.signUp.off')}} />
          <UserNameInput
            description={t('account.start.nameHint')}
            value={username}
            error={at('username')}
            onChange={(event) => {
              setUsername(event.currentTarget.value);
            }}
          />
          <TextInput
            type="email"
            label={t('account.email')}
            description={t('account.optional')}
            autoComplete="email"
            maxLength={254}
            value={email}
            error={at('email')}
            onChange={(event) => {
              setEmail(event.currentTarget.value);
            }}
          />
          <NewPassword value={pair} onChange={setPair} error={at('password')} />
          <Button type="submit" loading={isPending} disabled={!isChosen(pair)}>
            {t('account.signUp.make')}
          </Button>
          {toSignIn}
        </Stack>
      </form>
    </Sheet>
  );
}
