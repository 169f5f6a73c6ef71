/** The application tokens of an account, and their end. */
import {Badge, Button, Group, Table, Text, VisuallyHidden} from '@mantine/core';
import type {QueryKey} from '@tanstack/react-query';
import {useState} from 'react';
import {client, read} from '../api/client.ts';
import type {ApplicationToken} from '../api/types.ts';
import {Age} from './age.tsx';
import {ConfirmDialog} from './confirm-dialog.tsx';
import {t} from '../texts/texts.ts';
import {useChange} from './use-change.ts';

export function TokenTable({
  label,
  tokens,
  changes,
  revokeMeans,
}: {
  /** For whoever can't see it. */
  readonly label: string;
  readonly tokens: readonly ApplicationToken[];
  /** What is asked for again when one is revoked. */
  readonly changes: readonly QueryKey[];
  /** What comes of it. */
  readonly revokeMeans: string;
}) {
  const [doomed, setDoomed] = useState<ApplicationToken>();
  const {finish} = useChange({
    change: async ({id}: ApplicationToken) =>
      read(client.DELETE('/users/application_tokens/{id}', {params: {path: {id}}})),
    changes,
    done: (_, {application: name}) => t('tokens.revoked', {name}),
  });
  return (
    <>
      <Table.ScrollContainer minWidth={560} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
        <Table aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('tokens.name')}</Table.Th>
              <Table.Th>{t('tokens.limits')}</Table.Th>
              <Table.Th>{t('manage.made')}</Table.Th>
              <Table.Th>{t('tokens.used')}</Table.Th>
              <Table.Th>{t('tokens.expires')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('tokens.revoke')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tokens.map((token) => (
              <Table.Tr key={token.id}>
                <Table.Td className="wraps">{token.application}</Table.Td>
                <Table.Td className="wraps">
                  <Limits token={token} />
                </Table.Td>
                <Table.Td>
                  <Age at={token.created_at} />
                </Table.Td>
                <Table.Td>
                  <Age at={token.last_used_at} />
                </Table.Td>
                <Table.Td>
                  <Age at={token.expires_at} />
                </Table.Td>
                <Table.Td ta="right">
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={t('tokens.revokeOne', {name: token.application})}
                    onClick={() => {
                      setDoomed(token);
                    }}
                  >
                    {t('tokens.revoke')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ConfirmDialog
        isOpen={doomed !== undefined}
        onClose={() => {
          setDoomed(undefined);
        }}
        title={t('tokens.revokeOne', {name: doomed?.application ?? ''})}
        action={t('tokens.revoke')}
        onConfirm={async () => {
          if (doomed) await finish(doomed);
        }}
      >
        <Text size="sm">{revokeMeans}</Text>
      </ConfirmDialog>
    </>
  );
}

function Limits({token: {namespaces, pull_only: isPullOnly}}: {readonly token: ApplicationToken}) {
  if (namespaces === null && !isPullOnly) return t('tokens.unlimited');
  return (
    <Group gap="xs">
      {isPullOnly && <Badge variant="default">{t('tokens.pullOnly')}</Badge>}
      {namespaces?.join(', ')}
    </Group>
  );
}
