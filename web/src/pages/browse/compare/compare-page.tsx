/** Two tags of a repository side by side: what is different. */
import {Grid, Select, Skeleton, Stack, Text} from '@mantine/core';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {addresses} from '../../../addresses.ts';
import {client, read} from '../../../api/client.ts';
import {Page} from '../../../parts/page.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {useAddressText} from '../../../parts/use-address-word.ts';
import {t} from '../../../texts/texts.ts';
import {crumbsOf} from '../repository/crumbs.ts';
import {
  repositoryId,
  repositoryKey,
  useRepository,
  useRepositoryName,
} from '../repository/repository-query.ts';
import type {Comparison} from '../types.ts';
import {ChangedFiles} from './changed-files.tsx';
import {ConfigurationChanges} from './configuration-changes.tsx';
import {LayerChanges} from './layer-changes.tsx';
import {Sides} from './sides.tsx';
import {TagField} from './tag-field.tsx';

export function ComparePage() {
  const name = useRepositoryName();
  const {repository} = useRepository(name).data;
  const [from, setFrom] = useAddressText('from');
  const [to, setTo] = useAddressText('to');
  const [platform, setPlatform] = useAddressText('platform');
  const isWhole = from !== '' && to !== '';
  const query = {from, to, ...(platform !== '' && {platform})};
  const {data, error} = useQuery({
    queryKey: repositoryKey(name, 'compare', query),
    queryFn: async ({signal}) =>
      read(
        client.GET('/repositories/{id}/compare', {
          signal,
          params: {path: {id: repositoryId(name)}, query},
        }),
      ),
    enabled: isWhole,
    placeholderData: keepPreviousData,
  });
  return (
    <Page
      title={t('browse.compare.title', {name})}
      heading={t('browse.compare.heading')}
      crumbs={[...crumbsOf(repository), {title: name, to: addresses.repository(name)}]}
    >
      <Grid>
        <Grid.Col span={{base: 12, sm: 4}}>
          <TagField
            key={`from ${from}`}
            label={t('browse.compare.from')}
            repository={name}
            value={from}
            onChange={setFrom}
          />
        </Grid.Col>
        <Grid.Col span={{base: 12, sm: 4}}>
          <TagField
            key={`to ${to}`}
            label={t('browse.compare.to')}
            repository={name}
            value={to}
            onChange={setTo}
          />
        </Grid.Col>
        {data && platformsOf(data).length > 1 && (
          <Grid.Col span={{base: 12, sm: 4}}>
            <Select
              label={t('browse.manifest.platform')}
              data={platformsOf(data)}
              value={data.from.platform}
              allowDeselect={false}
              onChange={(value) => {
                setPlatform(value ?? '');
              }}
            />
          </Grid.Col>
        )}
      </Grid>
      {!isWhole && <Text size="sm">{t('browse.compare.choose')}</Text>}
      {error && <ProblemAlert error={error} />}
      {isWhole && !data && !error && (
        <Skeleton h={240} role="status" aria-label={t('shell.loading')} />
      )}
      {isWhole && data && !error && (
        <Stack gap="md">
          <Sides comparison={data} />
          <LayerChanges layers={data.layers} />
          <ConfigurationChanges changes={data.configuration} />
          <ChangedFiles repository={name} query={query} />
        </Stack>
      )}
    </Page>
  );
}

/** That both have. */
function platformsOf({from, to}: Comparison): string[] {
  return [...new Set(from.platforms)].filter((each) => to.platforms.includes(each));
}
