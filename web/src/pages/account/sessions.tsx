/** Where one has signed in with a browser, and the end of it there or everywhere. */
import {Badge, Button, Group, Stack, Table, Text, VisuallyHidden} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {client, read} from '../../api/client.ts';
import type {UserSession} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {Loading} from '../../parts/loading.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {tell} from '../../parts/tell.ts';
import {leave} from '../../session/leave.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import {browserOf} from './browser-of.ts';

export function Sessions({id}: {readonly id: string}) {
  const [isAsked, setAsked] = useState(false);
  const {data, error} = useQuery({
    queryKey: ['users', id, 'sessions'],
    queryFn: async ({signal}) =>
      read(client.GET('/users/{id}/sessions', {signal, params: {path: {id}}})),
  });
  const endAll = async (): Promise<void> => {
    await read(client.DELETE('/users/{id}/sessions', {params: {path: {id}}}));
    leave();
  };
  return (
    <Section
      title={t('account.sessions.title')}
      actions={
        <Button
          variant="light"
          color="red"
          size="xs"
          onClick={() => {
            setAsked(true);
          }}
        >
          {t('account.sessions.endAll')}
        </Button>
      }
    >
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data && <SessionTable id={id} sessions={data} />}
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => {
          setAsked(false);
        }}
        title={t('account.sessions.endAll')}
        action={t('account.sessions.endAll')}
        onConfirm={endAll}
      >
        <Text size="sm">{t('account.sessions.endAllText')}</Text>
      </ConfirmDialog>
    </Section>
  );
}

function SessionTable({
  id,
  sessions,
}: {
  readonly id: string;
  readonly sessions: readonly UserSession[];
}) {
  const queryClient = useQueryClient();
  const {mutate, isPending, variables} = useMutation({
    mutationFn: async (session_id: string) =>
      read(client.DELETE('/users/{id}/sessions/{session_id}', {params: {path: {id, session_id}}})),
    onError: tell.problem,
    onSuccess: async () => queryClient.invalidateQueries({queryKey: ['users', id, 'sessions']}),
  });
  return (
    <Table.ScrollContainer minWidth={480} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
      <Table aria-label={t('account.sessions.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('account.sessions.browser')}</Table.Th>
            <Table.Th>{t('account.sessions.seen')}</Table.Th>
            <Table.Th>{t('account.sessions.ends')}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{t('account.sessions.end')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => {
            const {id: own, address, user_agent: agent, is_current: isCurrent} = session;
            const browser = browserOf(agent);
            return (
              <Table.Tr key={own}>
                <Table.Td className="wraps" title={agent ?? undefined}>
                  <Stack gap={2}>
                    <Group gap="xs">
                      {browser}
                      {isCurrent && (
                        <Badge variant="default">{t('account.sessions.current')}</Badge>
                      )}
                      {session.is_remembered && (
                        <Badge variant="default">{t('account.sessions.remembered')}</Badge>
                      )}
                    </Group>
                    <Text size="xs" c="dimmed">
                      {address}
                    </Text>
                  </Stack>
                </Table.Td>
                <Table.Td>
                  <Age at={session.last_seen_at} />
                </Table.Td>
                <Table.Td>
                  <Age at={session.expires_at} />
                </Table.Td>
                <Table.Td ta="right">
                  {!isCurrent && (
                    <Button
                      variant="default"
                      size="xs"
                      loading={isPending && variables === own}
                      aria-label={t('account.sessions.endOne', {browser, address: address ?? ''})}
                      onClick={() => {
                        mutate(own);
                      }}
                    >
                      {t('account.sessions.end')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
