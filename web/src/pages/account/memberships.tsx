/** The personal namespace, and the teams with what one is in them. */
import {Anchor, Badge, Group, List, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import type {OwnUser} from '../../api/types.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';

export function Memberships({user}: {readonly user: OwnUser}) {
  // His own is behind his namespace.
  const teams = user.teams.filter(({name}) => name !== `user:${user.username}`);
  return (
    <Section title={t('account.belongs')}>
      {user.namespace_id !== null && (
        <Text size="sm" className="wraps">
          {t('account.namespace')}{' '}
          <Anchor component={Link} underline="always" to={addresses.namespace(user.username)}>
            {user.username}
          </Anchor>
        </Text>
      )}
      {teams.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('account.noTeams')}
        </Text>
      ) : (
        <List listStyleType="none" spacing="xs" aria-label={t('navigation.teams')}>
          {teams.map(({id, name, role}) => (
            <List.Item key={id}>
              <Group gap="xs">
                <Anchor component={Link} to={addresses.team(name)} size="sm" className="wraps">
                  {name}
                </Anchor>
                <Badge variant="default">{t(`account.roles.${role}`)}</Badge>
              </Group>
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}
