/** Gives a namespace to another team. */
import {Button, Group, Stack, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {useState} from 'react';
import {client, ifMatch, read} from '../../api/client.ts';
import type {Namespace} from '../../api/types.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {NamePicker} from '../../parts/name-picker.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function MoveNamespace({
  namespace,
  etag,
}: {
  readonly namespace: Namespace;
  readonly etag: string | undefined;
}) {
  const [team, setTeam] = useState('');
  const [isOpen, {open, close}] = useDisclosure();
  const {finish} = useChange({
    change: async () =>
      read(
        client.PUT('/namespaces/{id}', {
          params: {path: {id: namespace.id}, header: ifMatch(etag)},
          body: {team: team.trim()},
        }),
      ),
    changes: [['namespaces'], ['teams'], ['content', 'list']],
    done: () => t('manage.namespace.moved', {name: namespace.name, team: team.trim()}),
    onDone: () => {
      setTeam('');
    },
  });
  const values = {name: namespace.name, from: namespace.team.name, to: team.trim()};
  return (
    <Section title={t('manage.namespace.move')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t('manage.namespace.moveMeans', values)}</Text>
          <Group align="flex-start">
            <NamePicker
              kind="teams"
              required
              label={t('manage.namespace.newTeam')}
              value={team}
              onChange={setTeam}
            />
            <Button type="submit" variant="default" mt={25}>
              {t('manage.namespace.moveIt')}
            </Button>
          </Group>
        </Stack>
      </form>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={t('manage.namespace.moveTo', values)}
        action={t('manage.namespace.moveIt')}
        onConfirm={async () => {
          await finish(undefined);
        }}
      >
        <Text size="sm" className="wraps">
          {t('manage.namespace.moveLoses', values)}
        </Text>
      </ConfirmDialog>
    </Section>
  );
}
