/** Deletes a repository with all that is in it, once its name is typed. */
import {List, Text} from '@mantine/core';
import {useNavigate} from 'react-router';
import {client, read} from '../../../api/client.ts';
import {DeleteButton} from '../../../parts/delete-button.tsx';
import {ForecastDialog} from '../../../parts/forecast-dialog.tsx';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {useChange} from '../../../parts/use-change.ts';
import {t} from '../../../texts/texts.ts';
import type {RepositoryForecast as Forecast, WholeRepository} from '../types.ts';
import {repositoryId} from './repository-query.ts';

export function DeleteRepository({
  repository: {full_name: name},
}: {
  readonly repository: WholeRepository;
}) {
  const navigate = useNavigate();
  const params = {path: {id: repositoryId(name)}};
  const {finish} = useChange({
    change: async () => read(client.DELETE('/repositories/{id}', {params})),
    changes: [['content', 'list']],
    done: () => t('browse.deleteRepository.done', {name}),
  });
  return (
    <DeleteButton
      label={t('browse.deleteRepository.delete')}
      dialog={(state) => (
        <ForecastDialog
          {...state}
          queryKey={['forecast', name]}
          load={async (signal) => read(client.GET('/repositories/{id}/preview', {params, signal}))}
          title={t('browse.deleteRepository.title')}
          action={t('browse.deleteRepository.delete')}
          typed={name}
          onConfirm={async () => {
            await finish(undefined);
            await navigate('/repositories');
          }}
        >
          {(forecast) => <RepositoryForecast forecast={forecast} />}
        </ForecastDialog>
      )}
    />
  );
}

function RepositoryForecast({forecast}: {readonly forecast: Forecast}) {
  const {tags_count: tags, manifests_count: manifests, stars, comments} = forecast;
  const {exclusive_size: own, has_description: isDescribed} = forecast;
  const count = (each: number) => ({count: each, shown: formatCount(each)});
  return (
    <>
      <Text size="sm">{t('browse.deleteRepository.goes')}</Text>
      <List size="sm">
        <List.Item>{t('browse.deleteRepository.tags', count(tags))}</List.Item>
        <List.Item>{t('browse.deleteRepository.manifests', count(manifests))}</List.Item>
        {isDescribed && <List.Item>{t('browse.deleteRepository.description')}</List.Item>}
        {stars > 0 && <List.Item>{t('browse.deleteRepository.stars', count(stars))}</List.Item>}
        {comments > 0 && (
          <List.Item>{t('browse.deleteRepository.comments', count(comments))}</List.Item>
        )}
      </List>
      {own !== null && (
        <Text size="sm">{t('browse.deleteRepository.frees', {size: formatBytes(own)})}</Text>
      )}
      <Text size="sm">{t('browse.deleteRepository.stays')}</Text>
    </>
  );
}
