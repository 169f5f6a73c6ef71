/** By what the list of activities is narrowed. */
import {Button, Group, NativeSelect, Paper, SimpleGrid, TextInput} from '@mantine/core';
import {useState} from 'react';
import type {Filters} from '../../parts/use-filters.ts';
import {t} from '../../texts/texts.ts';

export const activityFilters = [
  'actor',
  'key',
  'namespace',
  'repository',
  'subject',
  'outcome',
  'from',
  'to',
  'address',
] as const;
export type ActivityFilter = (typeof activityFilters)[number];
type Values = Readonly<Partial<Record<ActivityFilter, string>>>;

const kinds = [
  'repository',
  'tag',
  'manifest',
  'comment',
  'namespace',
  'team',
  'user',
  'robot',
  'application_token',
  'session',
  'webhook',
  'login',
  'access',
  'operation',
  'keys',
  'database',
  'import',
  'config',
  'activity',
] as const;
const outcomes = ['done', 'denied', 'failed'] as const;
const texts = ['actor', 'subject', 'namespace', 'repository', 'address'] as const;

/** For the API: days as they begin and end where somebody looks at them. */
export function queryOf({from, to, outcome, ...rest}: Values) {
  const chosen = outcomes.find((each) => each === outcome);
  return {
    ...rest,
    ...(chosen === undefined ? {} : {outcome: chosen}),
    ...momentOf('from', from, 0),
    ...momentOf('to', to, 1),
  };
}

function momentOf<Name extends string>(
  name: Name,
  day: string | undefined,
  daysLater: number,
): Partial<Record<Name, string>> {
  const [year = Number.NaN, month = 1, date = 1] = (day ?? 'none').split('-').map(Number);
  const at = new Date(year, month - 1, date + daysLater);
  const moment: Partial<Record<Name, string>> = {};
  if (!Number.isNaN(at.getTime())) moment[name] = at.toISOString();
  return moment;
}

export function ActivityFilters({filters}: {readonly filters: Filters<ActivityFilter>}) {
  const [draft, setDraft] = useState<Values>(filters.values);
  const set = (name: ActivityFilter, value: string): void => {
    setDraft((former) => ({...former, [name]: value}));
  };
  return (
    <Paper withBorder p="md">
      <form
        role="search"
        aria-label={t('manage.activities.filters')}
        onSubmit={(event) => {
          event.preventDefault();
          filters.set({...Object.fromEntries(activityFilters.map((name) => [name, ''])), ...draft});
        }}
      >
        <SimpleGrid cols={{base: 1, xs: 2, md: 3, lg: 5}} spacing="sm">
          <NativeSelect
            label={t('manage.activities.key')}
            data={[
              {value: '', label: t('manage.activities.any')},
              ...kinds.map((kind) => ({value: kind, label: t(`manage.activities.kinds.${kind}`)})),
            ]}
            value={draft.key ?? ''}
            onChange={(event) => {
              set('key', event.currentTarget.value);
            }}
          />
          <NativeSelect
            label={t('manage.activities.outcome')}
            data={[
              {value: '', label: t('manage.activities.any')},
              ...outcomes.map((each) => ({
                value: each,
                label: t(`manage.activities.outcomes.${each}`),
              })),
            ]}
            value={draft.outcome ?? ''}
            onChange={(event) => {
              set('outcome', event.currentTarget.value);
            }}
          />
          {texts.map((name) => (
            <TextInput
              key={name}
              label={t(`manage.activities.${name}`)}
              value={draft[name] ?? ''}
              onChange={(event) => {
                set(name, event.currentTarget.value);
              }}
            />
          ))}
          {(['from', 'to'] as const).map((name) => (
            <TextInput
              key={name}
              type="date"
              label={t(`manage.activities.${name}`)}
              value={draft[name] ?? ''}
              onChange={(event) => {
                set(name, event.currentTarget.value);
              }}
            />
          ))}
        </SimpleGrid>
        <Group mt="sm" gap="xs">
          <Button type="submit" size="xs">
            {t('manage.activities.show')}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setDraft({});
              filters.clear();
            }}
          >
            {t('manage.activities.clear')}
          </Button>
        </Group>
      </form>
    </Paper>
  );
}
