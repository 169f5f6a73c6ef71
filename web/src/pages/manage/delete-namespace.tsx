/** Deletes a namespace, after telling what goes and what stays. */
import {List, Text} from '@mantine/core';
import {useQueryClient} from '@tanstack/react-query';
import {useNavigate} from 'react-router';
import {client, read, readPage} from '../../api/client.ts';
import type {Namespace} from '../../api/types.ts';
import {ForecastDialog} from '../../parts/forecast-dialog.tsx';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {SomeNames} from './some-names.tsx';

const mostNamed = 13;

async function load({id, name}: Namespace, signal: AbortSignal) {
  const query = {namespace: name, per_page: mostNamed};
  const [forecast, repositories] = await Promise.all([
    read(client.GET('/namespaces/{id}/preview', {signal, params: {path: {id}}})),
    readPage(client.GET('/repositories', {signal, params: {query}})),
  ]);
  return {forecast, repositories};
}

export function DeleteNamespace({
  namespace,
  isOpen,
  onClose,
}: {
  readonly namespace: Namespace;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <ForecastDialog
      queryKey={['namespaces', namespace.name, 'goes']}
      load={async (signal) => load(namespace, signal)}
      isOpen={isOpen}
      onClose={onClose}
      title={t('manage.namespace.deleteOne', {name: namespace.name})}
      action={t('manage.namespace.deleteIt')}
      typed={namespace.name}
      onConfirm={async () => {
        await read(client.DELETE('/namespaces/{id}', {params: {path: {id: namespace.id}}}));
        tell.done(t('manage.namespace.deleted', {name: namespace.name}));
        await navigate('/namespaces');
        queryClient.removeQueries({queryKey: ['namespaces', namespace.name]});
        await Promise.all(
          ['namespaces', 'teams', 'content'].map(async (key) =>
            queryClient.invalidateQueries({queryKey: [key]}),
          ),
        );
      }}
    >
      {({forecast, repositories}) => (
        <>
          <Text size="sm">{t('manage.namespace.deleteMeans')}</Text>
          <List size="sm">
            {forecast.webhooks_count !== null && (
              <List.Item>{t('manage.goes.webhooks', {count: forecast.webhooks_count})}</List.Item>
            )}
            <List.Item>
              {forecast.next_namespace === null
                ? t('manage.goes.repositoriesStay', {count: forecast.repositories_count})
                : t('manage.goes.repositoriesTo', {
                    count: forecast.repositories_count,
                    namespace: forecast.next_namespace,
                  })}
              <SomeNames
                names={repositories.items.map(({full_name: name}) => name)}
                total={forecast.repositories_count}
              />
            </List.Item>
            <List.Item>
              {t('manage.goes.again', {
                count: forecast.members_count + forecast.robots_count,
              })}
            </List.Item>
          </List>
        </>
      )}
    </ForecastDialog>
  );
}
