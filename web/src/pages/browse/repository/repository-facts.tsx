/** How large a repository is, and how much it is used. */
import {Skeleton} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Suspense} from 'react';
import {client, read} from '../../../api/client.ts';
import {Age} from '../../../parts/age.tsx';
import {lazyPart} from '../../../parts/lazy-part.tsx';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {Facts} from '../facts.tsx';
import type {WholeRepository} from '../types.ts';
import {repositoryId, repositoryKey} from './repository-query.ts';

const DaysChart = lazyPart(async () => (await import('./days-chart.tsx')).DaysChart);
const chartHeight = 160;

export function RepositoryFacts({repository}: {readonly repository: WholeRepository}) {
  const {full_name: name, size, exclusive_size: own} = repository;
  const {data: days} = useQuery({
    queryKey: repositoryKey(name, 'days'),
    queryFn: async ({signal}) =>
      read(
        client.GET('/repositories/{id}/days', {
          signal,
          params: {path: {id: repositoryId(name)}, query: {days: 30}},
        }),
      ),
  });
  return (
    <Section title={t('browse.repository.facts.title')}>
      <Facts
        facts={[
          [t('browse.repository.facts.tags'), formatCount(repository.tags_count)],
          [t('browse.repository.facts.pulls'), formatCount(repository.pulls)],
          [
            t('browse.repository.facts.size'),
            size === null ? t('browse.repository.facts.unknown') : formatBytes(size),
          ],
          ...(own === null ? [] : [[t('browse.repository.facts.own'), formatBytes(own)] as const]),
          [t('browse.repository.facts.pushed'), <Age key="pushed" at={repository.pushed_at} />],
          [t('browse.repository.facts.pulled'), <Age key="pulled" at={repository.pulled_at} />],
        ]}
      />
      <Suspense fallback={<Skeleton h={chartHeight} />}>
        {days ? <DaysChart days={days} height={chartHeight} /> : <Skeleton h={chartHeight} />}
      </Suspense>
    </Section>
  );
}
