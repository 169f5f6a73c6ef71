/** What a webhook was sent, the newest first; asked for again until what waits has gone. */
import {Anchor, Badge, Button, Group, Select, Table, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {IconRefresh} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import type {WebhookDelivery} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Loading} from '../../parts/loading.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {useFilters} from '../../parts/use-filters.ts';
import {t} from '../../texts/texts.ts';
import {Delivery} from './delivery.tsx';
import {DeliveryState} from './delivery-state.tsx';

const states = ['waiting', 'delivered', 'failed', 'dropped'] as const;
const perPage = 25;
/** In milliseconds: as long as the first of them is on its way. */
const again = 1000;
/** What has been tried so often waits for minutes. */
const fewAttempts = 3;

const isOnItsWay = ({state, attempts}: WebhookDelivery): boolean =>
  state === 'waiting' && attempts < fewAttempts;

export function Deliveries({webhook: id}: {readonly webhook: string}) {
  const {values, set} = useFilters(['state']);
  const [shown, setShown] = useState<string>();
  const state = states.find((each) => each === values.state);
  const {data, error, isPending, fetchNextPage, hasNextPage, isFetching, refetch} =
    useInfiniteQuery({
      queryKey: ['deliveries', id, 'list', state],
      initialPageParam: '',
      queryFn: async ({signal, pageParam}) =>
        read(
          client.GET('/webhooks/{id}/deliveries', {
            signal,
            params: {
              path: {id},
              query: {
                limit: perPage,
                ...(pageParam === '' ? {} : {after: pageParam}),
                ...(state === undefined ? {} : {state}),
              },
            },
          }),
        ),
      getNextPageParam: ({next}) => next ?? undefined,
      refetchInterval: ({state: {data: found}}) =>
        found?.pages[0]?.deliveries.some(isOnItsWay) === true ? again : false,
    });
  const deliveries = data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <Section
      title={t('manage.deliveries.title')}
      actions={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRefresh size={14} />}
          loading={isFetching && !isPending}
          onClick={() => void refetch()}
        >
          {t('manage.deliveries.again')}
        </Button>
      }
    >
      <Select
        maw={220}
        label={t('manage.deliveries.state')}
        placeholder={t('manage.deliveries.any')}
        clearable
        data={states.map((each) => ({value: each, label: t(`manage.deliveries.states.${each}`)}))}
        value={state ?? null}
        onChange={(chosen) => {
          set({state: chosen ?? ''});
        }}
      />
      {error && <ProblemAlert error={error} />}
      {isPending && <Loading />}
      {data && deliveries.length === 0 && <Empty text={t('manage.deliveries.none')} />}
      {deliveries.length > 0 && (
        <Table.ScrollContainer minWidth={480} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
          <Table aria-label={t('manage.deliveries.title')} aria-live="polite">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('manage.deliveries.at')}</Table.Th>
                <Table.Th>{t('manage.deliveries.what')}</Table.Th>
                <Table.Th>{t('manage.deliveries.state')}</Table.Th>
                <Table.Th>{t('manage.deliveries.answer')}</Table.Th>
                <Table.Th ta="right">{t('manage.deliveries.attempts')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {deliveries.map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td>
                    <Anchor
                      component="button"
                      type="button"
                      size="sm"
                      ta="left"
                      onClick={() => {
                        setShown(each.id);
                      }}
                    >
                      <Age at={each.created_at} />
                    </Anchor>
                  </Table.Td>
                  <Table.Td className="wraps">
                    <Group gap={4}>
                      <Badge variant="default">{each.action}</Badge>
                      {each.repository}
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    <DeliveryState state={each.state} />
                  </Table.Td>
                  <Table.Td className="wraps">
                    {each.status}
                    {each.problem !== null && <Text size="sm">{each.problem}</Text>}
                  </Table.Td>
                  <Table.Td ta="right">{each.attempts}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Group>
          <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
            {t('manage.deliveries.older')}
          </Button>
        </Group>
      )}
      {shown !== undefined && (
        <Delivery
          webhook={id}
          delivery={shown}
          onClose={() => {
            setShown(undefined);
          }}
        />
      )}
    </Section>
  );
}
