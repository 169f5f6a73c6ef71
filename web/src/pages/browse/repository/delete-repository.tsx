/** Deletes a repository with all that is in it, once its name is typed. */
import {Button, List, Skeleton, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router';
import {IconTrash} from '../../../parts/icons.tsx';
import {client, read} from '../../../api/client.ts';
import {ConfirmDialog} from '../../../parts/confirm-dialog.tsx';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {useChange} from '../../../parts/use-change.ts';
import {t} from '../../../texts/texts.ts';
import type {RepositoryForecast as Forecast, WholeRepository} from '../types.ts';
import {repositoryId} from './repository-query.ts';

export function DeleteRepository({
  repository: {full_name: name},
}: {
  readonly repository: WholeRepository;
}) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const params = {path: {id: repositoryId(name)}};
  const {data, error} = useQuery({
    queryKey: ['forecast', name],
    queryFn: async ({signal}) => read(client.GET('/repositories/{id}/preview', {params, signal})),
    enabled: isOpen,
    staleTime: 0,
  });
  const {finish} = useChange({
    change: async () => read(client.DELETE('/repositories/{id}', {params})),
    changes: [['content', 'list']],
    done: () => t('browse.deleteRepository.done', {name}),
  });
  return (
    <>
      <Button
        color="red"
        variant="light"
        leftSection={<IconTrash size={16} />}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('browse.deleteRepository.delete')}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={() => {
          setOpen(false);
        }}
        title={t('browse.deleteRepository.title')}
        action={t('browse.deleteRepository.delete')}
        typed={name}
        isReady={data !== undefined}
        onConfirm={async () => {
          await finish(undefined);
          await navigate('/repositories');
        }}
      >
        {error && <ProblemAlert error={error} />}
        {!data && !error && <Skeleton h={160} role="status" aria-label={t('shell.loading')} />}
        {data && <RepositoryForecast forecast={data} />}
      </ConfirmDialog>
    </>
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
