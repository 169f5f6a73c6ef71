/** Whether each part works, and how full the storage is. */
import {Badge, Button, Group, Paper, SimpleGrid, Stack, Text, Title} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Suspense} from 'react';
import {IconRefresh} from '../../parts/icons.tsx';
import {Loading} from '../../parts/loading.tsx';
import {lazyPart} from '../../parts/lazy-part.tsx';
import {Page} from '../../parts/page.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {t} from '../../texts/texts.ts';
import {adviceForPart, titleOfPart} from '../../parts/health-part.ts';
import {healthColors, healthQuery} from '../../parts/health-query.ts';

const StorageUse = lazyPart(async () => (await import('./storage-use.tsx')).StorageUse);

export function HealthPage() {
  const {data, error, isFetching, refetch} = useQuery(healthQuery);
  return (
    <Page
      title={t('admin.health.title')}
      actions={
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={isFetching}
          onClick={() => void refetch()}
        >
          {t('admin.health.again')}
        </Button>
      }
    >
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <SimpleGrid cols={{base: 1, sm: 2, lg: 3}} aria-live="polite">
          {Object.entries(data).map(([part, {msg, status}]) => (
            <Paper key={part} component="section" withBorder p="md" aria-label={titleOfPart(part)}>
              <Stack gap="xs">
                <Group justify="space-between">
                  <Title order={2} size="h5">
                    {titleOfPart(part)}
                  </Title>
                  <Badge variant="light" color={healthColors[status]}>
                    {t(`admin.health.states.${status}`)}
                  </Badge>
                </Group>
                <Text size="sm" className="wraps">
                  {msg}
                </Text>
                {status !== 'ok' && (
                  <Text size="sm" c="dimmed">
                    {adviceForPart(part)}
                  </Text>
                )}
              </Stack>
            </Paper>
          ))}
        </SimpleGrid>
      )}
      <Suspense fallback={<Loading />}>
        <StorageUse />
      </Suspense>
    </Page>
  );
}
