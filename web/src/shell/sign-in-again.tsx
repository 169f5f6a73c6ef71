/** Over the page whose session is over: whoever signs in again goes on where he was, and nothing that he typed is lost. */
import {Modal, Stack} from '@mantine/core';
import {useQueryClient} from '@tanstack/react-query';
import {useContext, useEffect, useState} from 'react';
import {client, read} from '../api/client.ts';
import type {Session} from '../api/types.ts';
import {ProblemAlert} from '../parts/problem-alert.tsx';
import {SessionEndedContext} from '../session/session-ended-context.ts';
import {sessionQuery, useSession} from '../session/use-session.ts';
import {t} from '../texts/texts.ts';
import {AgainElsewhere} from './again-elsewhere.tsx';
import {AgainHere} from './again-here.tsx';

export function SignInAgain() {
  const {user} = useSession();
  // A session that is asked for anew is of nobody, and leads to the sign-in.
  return user ? <Again user={user} /> : null;
}

function Again({user}: {readonly user: NonNullable<Session['user']>}) {
  const ended = useContext(SessionEndedContext);
  const queryClient = useQueryClient();
  const {providers} = useSession();
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState<Error>();
  useEffect(
    () =>
      ended.listen(() => {
        setOpen(true);
      }),
    [ended],
  );
  const leave = async (): Promise<void> => {
    setOpen(false);
    setProblem(undefined);
    await queryClient.resetQueries(sessionQuery);
  };
  /** Whoever is signed in by now goes on; another one must not go on with what this one has typed. */
  const goOn = async (): Promise<void> => {
    const {user: found} = await read(client.GET('/session'));
    if (found?.id !== user.id) {
      const {name} = user;
      throw new Error(
        found ? t('signInAgain.another', {name, other: found.name}) : t('signInAgain.notYet'),
      );
    }
    await queryClient.invalidateQueries();
    setOpen(false);
    setProblem(undefined);
  };
  const attempt = async (signIn: () => Promise<void>): Promise<void> => {
    try {
      await signIn();
      await goOn();
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const provider = providers.find(({id}) => user.provider === `oidc:${id}`);
  return (
    <Modal opened={isOpen} onClose={() => void leave()} title={t('signInAgain.title')}>
      <Stack>
        {problem !== undefined && <ProblemAlert error={problem} />}
        {provider ? (
          <AgainElsewhere
            name={user.name}
            provider={provider}
            goOn={() => void attempt(async () => Promise.resolve())}
            onLeave={() => void leave()}
          />
        ) : (
          <AgainHere name={user.name} attempt={attempt} onLeave={() => void leave()} />
        )}
      </Stack>
    </Modal>
  );
}
