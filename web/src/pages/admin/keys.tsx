/** Certificates and keys, and how long each counts. */
import {Badge, Code, Stack, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../api/client.ts';
import type {HeldKey} from '../../api/types.ts';
import {Loading} from '../../parts/loading.tsx';
import {formatDay} from '../../parts/numbers.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {t} from '../../texts/texts.ts';

/** In days before its end. */
const [soon, verySoon] = [30, 7];

export function Keys() {
  const {data, error} = useQuery({
    queryKey: ['certificates'],
    queryFn: async ({signal}) => read(client.GET('/certificates', {signal})),
  });
  if (error && !data) return <ProblemAlert error={error} />;
  if (!data) return <Loading />;
  return (
    <Table.ScrollContainer minWidth={700} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
      <Table aria-label={t('admin.system.tabs.keys')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('admin.keys.kind')}</Table.Th>
            <Table.Th>{t('admin.keys.name')}</Table.Th>
            <Table.Th>{t('admin.keys.from')}</Table.Th>
            <Table.Th>{t('admin.keys.until')}</Table.Th>
            <Table.Th>{t('admin.keys.state')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.map((key) => (
            <Table.Tr key={`${key.kind} ${key.id}`}>
              <Table.Td>{t(`admin.keys.kinds.${key.kind}`)}</Table.Td>
              <Table.Td className="wraps">
                <Stack gap={2} align="flex-start">
                  {key.name}
                  {key.detail !== null && (
                    <Text size="xs" c="dimmed">
                      {key.detail}
                    </Text>
                  )}
                  <Code className="wraps">{key.id}</Code>
                </Stack>
              </Table.Td>
              <Table.Td>{formatDay(key.from)}</Table.Td>
              <Table.Td>
                {key.until === null ? t('admin.keys.noEnd') : formatDay(key.until)}
              </Table.Td>
              <Table.Td>
                <KeyState held={key} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function KeyState({held: {state, days_left: days}}: {readonly held: HeldKey}) {
  if (state === 'former') return <Badge variant="default">{t('admin.keys.former')}</Badge>;
  const color = days === null || days > soon ? 'green' : days > verySoon ? 'orange' : 'red';
  const text =
    days === null
      ? t('admin.keys.active')
      : days < 0
        ? t('admin.keys.over')
        : t('admin.keys.days', {count: days});
  return (
    <Badge variant="light" color={color} miw="max-content">
      {text}
    </Badge>
  );
}
