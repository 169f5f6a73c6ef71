/** Deletes a namespace, after telling what goes and what stays. */
import {List, Text} from '@mantine/core';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useNavigate} from 'react-router';
import {client, read, readPage} from '../../api/client.ts';
import type {Namespace} from '../../api/types.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {Loading} from '../../parts/loading.tsx';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {SomeNames} from './some-names.tsx';

const mostNamed = 13;

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
  const {data} = useQuery({
    queryKey: ['namespaces', namespace.name, 'goes'],
    enabled: isOpen,
    // What is told here is done then.
    staleTime: 0,
    queryFn: async ({signal}) => {
      const path = {id: namespace.id};
      const query = {namespace: namespace.name, per_page: mostNamed};
      const [forecast, repositories] = await Promise.all([
        read(client.GET('/namespaces/{id}/preview', {signal, params: {path}})),
        readPage(client.GET('/repositories', {signal, params: {query}})),
      ]);
      return {forecast, repositories};
    },
  });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('manage.namespace.deleteOne', {name: namespace.name})}
      action={t('manage.namespace.deleteIt')}
      typed={namespace.name}
      isReady={data !== undefined}
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
      <Text size="sm">{t('manage.namespace.deleteMeans')}</Text>
      {data ? (
        <List size="sm">
          {data.forecast.webhooks_count !== null && (
            <List.Item>
              {t('manage.goes.webhooks', {count: data.forecast.webhooks_count})}
            </List.Item>
          )}
          <List.Item>
            {data.forecast.next_namespace === null
              ? t('manage.goes.repositoriesStay', {count: data.forecast.repositories_count})
              : t('manage.goes.repositoriesTo', {
                  count: data.forecast.repositories_count,
                  namespace: data.forecast.next_namespace,
                })}
            <SomeNames
              names={data.repositories.items.map(({full_name: name}) => name)}
              total={data.forecast.repositories_count}
            />
          </List.Item>
          <List.Item>
            {t('manage.goes.again', {
              count: data.forecast.members_count + data.forecast.robots_count,
            })}
          </List.Item>
        </List>
      ) : (
        <Loading />
      )}
    </ConfirmDialog>
  );
}
