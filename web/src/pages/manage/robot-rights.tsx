/** What a robot may, and whether it may log in at all. */
import {Group, Switch} from '@mantine/core';
import {client, read} from '../../api/client.ts';
import type {Robot, Role} from '../../api/types.ts';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {RoleSelect} from './role-select.tsx';

export function RobotRights({robot}: {readonly robot: Robot}) {
  const {start, isPending} = useChange({
    tellsProblem: true,
    change: async (body: {readonly role: Role} | {readonly enabled: boolean}) =>
      read(client.PUT('/robots/{id}', {params: {path: {id: robot.id}}, body})),
    changes: [['robots'], ['teams']],
    done: () => t('manage.robots.changed', {name: robot.username}),
  });
  return (
    <Section title={t('manage.robots.rights')}>
      <Group align="flex-start" gap="xl">
        {robot.role !== null && (
          <RoleSelect
            label={t('manage.members.role')}
            value={robot.role}
            disabled={isPending}
            onChange={(role) => {
              start({role});
            }}
          />
        )}
        <Switch
          label={t('manage.robots.enabled')}
          description={t('manage.robots.enabledMeans')}
          checked={robot.enabled}
          disabled={isPending}
          onChange={(event) => {
            start({enabled: event.currentTarget.checked});
          }}
        />
      </Group>
    </Section>
  );
}
