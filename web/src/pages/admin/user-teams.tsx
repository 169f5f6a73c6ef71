/** The teams that give somebody his rights. */
import {Anchor, Group, List, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import type {WholeUser} from '../../api/types.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import {RoleBadge} from '../manage/role-badge.tsx';

export function UserTeams({user: {teams}}: {readonly user: WholeUser}) {
  return (
    <Section title={t('admin.users.teams')}>
      {teams.length === 0 ? (
        <Text c="dimmed">{t('admin.users.noTeams')}</Text>
      ) : (
        <List size="sm" listStyleType="none" spacing="xs">
          {teams.map(({id, name, role}) => (
            <List.Item key={id}>
              <Group gap="xs">
                <Anchor component={Link} to={addresses.team(name)} size="sm" className="wraps">
                  {name}
                </Anchor>
                <RoleBadge role={role} />
              </Group>
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}
