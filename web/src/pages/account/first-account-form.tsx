/** Makes the first account, and signs it in. */
import {Button, Stack} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {type SubmitEvent, useState} from 'react';
import {client, read} from '../../api/client.ts';
import {useEnter} from '../../session/use-enter.ts';
import {t} from '../../texts/texts.ts';
import {CodeInput, useCode} from './code-input.tsx';
import {faultsAt} from './faults-at.ts';
import {isChosen, NewPassword, noPassword} from './new-password.tsx';
import {Refused} from './refused.tsx';
import {UserNameInput} from './user-name-input.tsx';

export function FirstAccountForm({asksForCode}: {readonly asksForCode: boolean}) {
  const [code, setCode] = useCode();
  const [username, setUsername] = useState('admin');
  const [pair, setPair] = useState(noPassword);
  const enter = useEnter();
  const {mutate, isPending, error} = useMutation({
    mutationFn: async () => {
      const {password} = pair;
      const given = asksForCode ? {code: code.trim()} : {};
      await read(client.POST('/setup', {body: {...given, username, password}}));
      await read(client.POST('/session', {body: {username, password}}));
      await enter();
    },
  });
  const {at, isOf} = faultsAt(error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isChosen(pair)) mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Refused
          error={error}
          texts={{off: t('account.start.overText')}}
          elsewhere={['denied', 'taken']}
        />
        {asksForCode && (
          <CodeInput
            value={code}
            onChange={setCode}
            error={isOf('denied') ? t('account.start.wrongCode') : at('code')}
          />
        )}
        <UserNameInput
          description={t('account.start.nameHint')}
          value={username}
          error={isOf('taken') ? t('account.start.taken') : at('username')}
          onChange={(event) => {
            setUsername(event.currentTarget.value);
          }}
        />
        <NewPassword value={pair} onChange={setPair} error={at('password')} />
        <Button type="submit" loading={isPending} disabled={!isChosen(pair)}>
          {t('account.start.make')}
        </Button>
      </Stack>
    </form>
  );
}
