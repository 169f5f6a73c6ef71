/** Whether groups of a directory decide who is in a team. */
import {Switch, Text} from '@mantine/core';
import {client, read} from '../../api/client.ts';
import type {Team} from '../../api/types.ts';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function TeamDirectory({
  team,
  mayChange,
}: {
  readonly team: Team;
  readonly mayChange: boolean;
}) {
  const {start, isPending} = useChange({
    tellsProblem: true,
    change: async (synced: boolean) =>
      read(client.POST('/teams/{id}/ldap_check', {params: {path: {id: team.id}, query: {synced}}})),
    changes: [['teams']],
    done: ({ldap_synced: isSynced}) =>
      t(isSynced ? 'manage.directory.isOn' : 'manage.directory.isOff'),
  });
  return (
    <Section title={t('manage.directory.title')}>
      {mayChange ? (
        <Switch
          label={t('manage.directory.label')}
          description={t('manage.directory.means')}
          checked={team.ldap_synced}
          disabled={isPending}
          onChange={(event) => {
            start(event.currentTarget.checked);
          }}
        />
      ) : (
        <Text size="sm">
          {t(team.ldap_synced ? 'manage.directory.isOn' : 'manage.directory.isOff')}
        </Text>
      )}
    </Section>
  );
}
