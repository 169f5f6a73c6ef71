/** Where somebody has signed in with a browser, and the way out everywhere. */
import {Badge, Button, Table, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {useQuery} from '@tanstack/react-query';
import {IconLogout} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import type {WholeUser} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function UserSessions({user}: {readonly user: WholeUser}) {
  const path = {id: user.id};
  const [isOpen, {open, close}] = useDisclosure();
  const {data = [], error} = useQuery({
    queryKey: ['sessions', user.username],
    queryFn: async ({signal}) => read(client.GET('/users/{id}/sessions', {signal, params: {path}})),
  });
  const {finish} = useChange({
    change: async () => read(client.DELETE('/users/{id}/sessions', {params: {path}})),
    changes: [['sessions', user.username]],
    done: ({ended}) => t('admin.sessions.ended', {name: user.username, count: ended}),
  });
  return (
    <Section
      title={t('admin.sessions.title')}
      actions={
        data.length > 0 && (
          <Button variant="default" size="xs" leftSection={<IconLogout size={14} />} onClick={open}>
            {t('admin.sessions.end')}
          </Button>
        )
      }
    >
      {error && <ProblemAlert error={error} />}
      {data.length === 0 && !error && <Text c="dimmed">{t('admin.sessions.none')}</Text>}
      {data.length > 0 && (
        <Table.ScrollContainer minWidth={480} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
          <Table aria-label={t('admin.sessions.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('admin.sessions.browser')}</Table.Th>
                <Table.Th>{t('admin.sessions.address')}</Table.Th>
                <Table.Th>{t('admin.sessions.begun')}</Table.Th>
                <Table.Th>{t('admin.sessions.used')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td className="wraps">
                    {session.user_agent}{' '}
                    {session.is_current && (
                      <Badge variant="light">{t('admin.sessions.current')}</Badge>
                    )}
                  </Table.Td>
                  <Table.Td>{session.address}</Table.Td>
                  <Table.Td>
                    <Age at={session.created_at} />
                  </Table.Td>
                  <Table.Td>
                    <Age at={session.last_seen_at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={t('admin.sessions.endOf', {name: user.username})}
        action={t('admin.sessions.end')}
        onConfirm={async () => {
          await finish(undefined);
        }}
      >
        <Text size="sm">{t('admin.sessions.endMeans')}</Text>
      </ConfirmDialog>
    </Section>
  );
}
