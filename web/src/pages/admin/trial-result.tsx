/** What came of the trial of a provider: each step, what to change, and who has logged in. */
import {Alert, Stack, Text, ThemeIcon, Timeline} from '@mantine/core';
import type {ProviderTest} from '../../api/types.ts';
import {CopyLine} from '../../parts/copy-line.tsx';
import {IconCheck, IconX} from '../../parts/icons.tsx';
import {t} from '../../texts/texts.ts';
import {type Fact, FactTable} from './fact-table.tsx';

export function TrialResult({found}: {readonly found: ProviderTest}) {
  const {identity} = found;
  const firstFault = found.steps.findIndex(({done}) => !done);
  const failed = found.steps[firstFault];
  return (
    <Stack aria-live="polite" role="status">
      <Alert color={found.accepted ? 'green' : 'red'}>
        {t(found.accepted ? 'admin.providers.good' : 'admin.providers.bad')}{' '}
        {failed !== undefined && t('admin.providers.failed', {step: failed.step})}
      </Alert>
      <Timeline
        role="list"
        aria-label={t('admin.providers.steps')}
        active={firstFault === -1 ? found.steps.length : firstFault - 1}
        bulletSize={24}
        lineWidth={2}
      >
        {found.steps.map(({step, done, detail, advice}) => (
          <Timeline.Item
            key={step}
            role="listitem"
            title={`${step} - ${t(done ? 'admin.providers.done' : 'admin.providers.notDone')}`}
            bullet={
              <ThemeIcon size={24} radius="xl" color={done ? 'green' : 'red'}>
                {done ? <IconCheck size={14} /> : <IconX size={14} />}
              </ThemeIcon>
            }
          >
            <Text size="sm" className="wraps">
              {detail}
            </Text>
            {advice !== null && (
              <Text size="sm" c="dimmed" className="wraps">
                {advice}
              </Text>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
      {identity && <FactTable facts={factsOf(identity)} />}
      {found.redirect_url !== null && (
        <Stack gap={4}>
          <Text size="sm">{t('admin.providers.redirect')}</Text>
          <CopyLine value={found.redirect_url} label={t('admin.providers.redirect')} />
        </Stack>
      )}
    </Stack>
  );
}

/** As far as the provider tells them. */
function factsOf({
  username,
  display_name: shown,
  email,
  admin,
  teams,
}: NonNullable<ProviderTest['identity']>): readonly Fact[] {
  const given = teams.map(({team, role}) => `${team} (${role})`).join(', ');
  const isAdmin = admin === null ? null : t(admin ? 'admin.yes' : 'admin.no');
  return [
    {title: t('admin.users.name'), value: username},
    {title: t('admin.users.displayName'), value: shown},
    {title: t('admin.users.email'), value: email},
    {title: t('admin.users.admin'), value: isAdmin},
    {title: t('admin.users.teams'), value: given === '' ? t('admin.providers.noTeams') : given},
  ].filter(({value}) => value !== null);
}
