/** All that is known of what somebody did. */
import {Anchor, Code, Drawer, Stack, Table, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import type {Activity} from '../../api/types.ts';
import {formatCount, formatMoment} from '../../parts/numbers.ts';
import {t} from '../../texts/texts.ts';
import {actorOf, sentenceOf} from './activity-sentence.ts';
import {OutcomeBadge} from './outcome-badge.tsx';

export function ActivityDetails({
  activity,
  onClose,
}: {
  readonly activity: Activity | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Drawer
      opened={activity !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={t('manage.activities.one')}
    >
      {activity && (
        <Stack>
          <Text className="wraps">{sentenceOf(activity)}</Text>
          <Table variant="vertical" layout="fixed">
            <Table.Tbody>
              {rowsOf(activity).map(({title, value}) => (
                <Table.Tr key={title}>
                  <Table.Th w={{base: 110, sm: 170}}>{title}</Table.Th>
                  <Table.Td className="wraps">{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      )}
    </Drawer>
  );
}

interface Row {
  readonly title: string;
  readonly value: ReactNode;
}

function rowsOf(activity: Activity): readonly Row[] {
  const {namespace, repository, parameters} = activity;
  const rows: readonly (Row | undefined)[] = [
    {title: t('manage.activities.at'), value: formatMoment(activity.at)},
    {title: t('manage.activities.keyOf'), value: <Code>{activity.key}</Code>},
    {
      title: t('manage.activities.outcome'),
      value: <OutcomeBadge outcome={activity.outcome} />,
    },
    row(t('manage.activities.timesOf'), activity.times > 1 ? formatCount(activity.times) : null),
    {title: t('manage.activities.actor'), value: actorOf(activity)},
    row(t('manage.activities.subject'), activity.subject),
    namespace === null
      ? undefined
      : {
          title: t('manage.activities.namespace'),
          value: (
            <Anchor component={Link} to={addresses.namespace(namespace === '/' ? '' : namespace)}>
              {namespace}
            </Anchor>
          ),
        },
    repository === null
      ? undefined
      : {
          title: t('manage.activities.repository'),
          value: (
            <Anchor component={Link} to={addresses.repository(repository)}>
              {repository}
            </Anchor>
          ),
        },
    row(t('manage.activities.address'), activity.address),
    row(
      t('manage.activities.credential'),
      activity.credential_kind === null
        ? null
        : `${activity.credential_kind} ${activity.credential_name ?? ''}`,
    ),
    row(t('manage.activities.request'), activity.request_id),
    row(
      t('manage.activities.seal'),
      activity.seal === null ? t('manage.activities.noSeal') : formatCount(activity.seal),
    ),
    Object.keys(parameters).length === 0
      ? undefined
      : {
          title: t('manage.activities.parameters'),
          value: (
            <Code block className="wraps" tabIndex={0}>
              {JSON.stringify(parameters, undefined, 2)}
            </Code>
          ),
        },
  ];
  return rows.filter((each) => each !== undefined);
}

const row = (title: string, value: string | null): Row | undefined =>
  value === null ? undefined : {title, value};
