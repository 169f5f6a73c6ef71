/** What was sent, and what was answered. */
import {Button, Code, Drawer, Group, Stack, Text, Title} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {IconSend} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import {formatMoment} from '../../parts/numbers.ts';
import {Loading} from '../../parts/loading.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {DeliveryState} from './delivery-state.tsx';

export function Delivery({
  webhook,
  delivery: id,
  onClose,
}: {
  readonly webhook: string;
  readonly delivery: string;
  readonly onClose: () => void;
}) {
  const path = {id: webhook, delivery_id: id};
  const {data, error} = useQuery({
    queryKey: ['deliveries', webhook, id],
    queryFn: async ({signal}) =>
      read(client.GET('/webhooks/{id}/deliveries/{delivery_id}', {signal, params: {path}})),
  });
  const resend = useChange({
    tellsProblem: true,
    change: async () =>
      read(client.POST('/webhooks/{id}/deliveries/{delivery_id}/resend', {params: {path}})),
    changes: [['deliveries', webhook]],
    done: () => t('manage.deliveries.resent'),
    onDone: onClose,
  });
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title={t('manage.deliveries.one')}>
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <Stack>
          <Group justify="space-between">
            <Group gap="xs">
              <DeliveryState state={data.state} />
              <Text size="sm">{formatMoment(data.created_at)}</Text>
            </Group>
            <Button
              leftSection={<IconSend size={16} />}
              loading={resend.isPending}
              onClick={() => {
                resend.start(undefined);
              }}
            >
              {t('manage.deliveries.resend')}
            </Button>
          </Group>
          {data.problem !== null && (
            <Text size="sm" className="wraps">
              {data.problem}
            </Text>
          )}
          <Title order={3} size="h5">
            {t('manage.deliveries.request')}
          </Title>
          {data.request ? (
            <Message
              first={`${data.request.method.toUpperCase()} ${data.request.url}`}
              headers={data.request.headers}
              body={data.request.body}
            />
          ) : (
            <Text size="sm" c="dimmed">
              {t('manage.deliveries.notSent')}
            </Text>
          )}
          <Title order={3} size="h5">
            {t('manage.deliveries.response')}
          </Title>
          {data.response ? (
            <Message
              first={String(data.response.status)}
              headers={data.response.headers}
              body={data.response.body}
            />
          ) : (
            <Text size="sm" c="dimmed">
              {t('manage.deliveries.noAnswer')}
            </Text>
          )}
        </Stack>
      )}
    </Drawer>
  );
}

function Message({
  first,
  headers,
  body,
}: {
  readonly first: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}) {
  const lines = Object.entries(headers).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : value.join(', ')}`,
  );
  return (
    <Code block className="wraps" tabIndex={0}>
      {[first, ...lines, '', indented(body)].join('\n')}
    </Code>
  );
}

/** JSON as it is read best; anything else as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
