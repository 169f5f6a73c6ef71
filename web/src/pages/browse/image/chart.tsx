/** What a Helm chart says of itself. */
import {Alert, Skeleton, Stack} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {Facts} from '../facts.tsx';
import {chartOf, chartTexts} from './chart-of.ts';
import {configurationQuery} from './configuration-query.ts';
import {LongText} from './long-text.tsx';
import {WordTable} from './word-table.tsx';

export function Chart({
  repository,
  digest,
}: {
  readonly repository: string;
  readonly digest: string;
}) {
  const {data, error} = useQuery(configurationQuery(repository, digest));
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={240} role="status" aria-label={t('shell.loading')} />;
  const {texts, isDeprecated, dependencies, ...lists} = chartOf(data.text);
  const facts = [
    ...chartTexts.map((key) => [t(`browse.chart.${key}`), texts[key] ?? ''] as const),
    [t('browse.chart.keywords'), lists.keywords.join(', ')] as const,
    [t('browse.chart.maintainers'), lists.maintainers.join(', ')] as const,
    [t('browse.chart.sources'), lists.sources.join(' ')] as const,
  ];
  return (
    <Stack gap="md">
      {isDeprecated && <Alert color="orange">{t('browse.chart.deprecated')}</Alert>}
      <Section title={t('browse.chart.title')}>
        <Facts
          areLong
          facts={facts
            .filter(([, text]) => text !== '')
            .map(([title, text]) => [title, <LongText key={title} text={text} />] as const)}
        />
      </Section>
      {dependencies.length > 0 && (
        <Section title={t('browse.chart.dependencies')}>
          <WordTable label={t('browse.chart.dependencies')} words={dependencies} />
        </Section>
      )}
    </Stack>
  );
}
