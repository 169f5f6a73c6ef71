/** Whether each part works, at a glance. */
import {Anchor, Badge, Group, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {titleOfPart} from '../../parts/health-part.ts';
import {healthColors, healthQuery} from '../../parts/health-query.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';

export function HealthNow() {
  const {user, authMode} = useSession();
  const {data, error} = useQuery(healthQuery);
  return (
    <Section
      title={t('dashboard.health.title')}
      actions={
        (user?.isAdmin === true || authMode === 'none') && (
          <Anchor component={Link} to="/admin/health" size="sm">
            {t('dashboard.more')}
          </Anchor>
        )
      }
    >
      {error && <ProblemAlert error={error} />}
      <Stack gap="xs">
        {Object.entries(data ?? {}).map(([part, {status}]) => (
          <Group key={part} justify="space-between" wrap="nowrap">
            <Text size="sm" className="wraps">
              {titleOfPart(part)}
            </Text>
            <Badge variant="light" color={healthColors[status]} miw="max-content">
              {t(`dashboard.health.states.${status}`)}
            </Badge>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
