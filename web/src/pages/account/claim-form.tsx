/** Makes the admin of somebody who has signed in already, as by another provider. */
import {Button, Stack} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import type {SubmitEvent} from 'react';
import {client, read} from '../../api/client.ts';
import {useEnter} from '../../session/use-enter.ts';
import {t} from '../../texts/texts.ts';
import {CodeInput, useCode} from './code-input.tsx';
import {faultsAt} from './faults-at.ts';
import {Refused} from './refused.tsx';

export function ClaimForm({asksForCode}: {readonly asksForCode: boolean}) {
  const [code, setCode] = useCode();
  const enter = useEnter();
  const {mutate, isPending, error} = useMutation({
    mutationFn: async () => {
      await read(client.POST('/setup/claim', {body: asksForCode ? {code: code.trim()} : {}}));
      await enter();
    },
  });
  const {isOf} = faultsAt(error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Refused error={error} texts={{off: t('account.start.overText')}} elsewhere={['denied']} />
        {asksForCode && (
          <CodeInput
            value={code}
            onChange={setCode}
            error={isOf('denied') ? t('account.start.wrongCode') : undefined}
          />
        )}
        <Button type="submit" loading={isPending}>
          {t('account.start.claim')}
        </Button>
      </Stack>
    </form>
  );
}
