/** Whether somebody has changed what was written down. */
import {Alert, Button, Code, List, Stack, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {IconAlertTriangle, IconShieldCheck} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import type {ActivityVerification} from '../../api/types.ts';
import {Loading} from '../../parts/loading.tsx';
import {formatCount, formatMoment} from '../../parts/numbers.ts';
import {Page} from '../../parts/page.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {t} from '../../texts/texts.ts';

const mostShown = 200;

export function Verification() {
  const {data, error, isFetching, refetch} = useQuery({
    queryKey: ['verification'],
    // It reads all that was ever written down.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({signal}) => read(client.GET('/activities/verification', {signal})),
  });
  return (
    <Page
      title={t('manage.verification.title')}
      crumbs={[{title: t('manage.activities.title'), to: '/activities'}]}
      actions={
        <Button variant="default" loading={isFetching} onClick={() => void refetch()}>
          {t('manage.verification.again')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {t('manage.verification.means')}
      </Text>
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data && <Result found={data} />}
    </Page>
  );
}

function Result({found}: {readonly found: ActivityVerification}) {
  const {findings, last, restarts, removed_up_to: removed} = found;
  const rows = [
    {title: t('manage.verification.rows'), value: formatCount(found.rows)},
    {title: t('manage.verification.seals'), value: formatCount(found.seals)},
    {title: t('manage.verification.unsealed'), value: formatCount(found.unsealed)},
    ...(removed === undefined
      ? []
      : [{title: t('manage.verification.removed'), value: formatCount(removed)}]),
    ...(last === undefined
      ? []
      : [
          {
            title: t('manage.verification.last'),
            value: (
              <>
                {formatCount(last.number)} <Code className="wraps">{last.hash}</Code>
              </>
            ),
          },
        ]),
    ...restarts.map(({at, from, to}) => ({
      title: t('manage.verification.restart'),
      value: t('manage.verification.restartOf', {at: formatMoment(at), from, to}),
    })),
  ];
  return (
    <Stack>
      {findings.length === 0 ? (
        <Alert color="green" role="status" icon={<IconShieldCheck />}>
          {t('manage.verification.good')}
        </Alert>
      ) : (
        <Alert
          color="red"
          role="alert"
          icon={<IconAlertTriangle />}
          title={t('manage.verification.bad', {count: findings.length})}
        >
          <List size="sm">
            {findings.slice(0, mostShown).map(({kind, seal, row, sentence}) => (
              <List.Item key={`${kind} ${seal ?? ''} ${row ?? ''}`} className="wraps">
                {sentence}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Table variant="vertical" layout="fixed">
        <Table.Tbody>
          {rows.map(({title, value}, index) => (
            <Table.Tr key={`${title} ${index}`}>
              <Table.Th w={{base: 130, sm: 240}}>{title}</Table.Th>
              <Table.Td className="wraps">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
