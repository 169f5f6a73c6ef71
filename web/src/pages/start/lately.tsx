/** What was pushed, deleted and put back lately; more of it as it happens. */
import {Anchor, Group, Stack, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import {client, read} from '../../api/client.ts';
import type {RegistryEvent} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Loading} from '../../parts/loading.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {shortDigest} from '../../parts/short-digest.ts';
import {t} from '../../texts/texts.ts';

const mostShown = 8;
/** A push of an index is one of its children, too: what has a tag is what somebody has meant. */
const mostAsked = 100;
const words = ['push', 'delete', 'tag'] as const;

export function Lately() {
  const {data, error} = useQuery({
    queryKey: ['content', 'list', 'events', mostAsked],
    queryFn: async ({signal}) => {
      const query = {limit: mostAsked, order: 'newest'} as const;
      return read(client.GET('/events/past', {signal, params: {query}}));
    },
  });
  const events = data?.events.filter(isMeant).slice(0, mostShown) ?? [];
  return (
    <Section title={t('dashboard.lately.title')}>
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data && events.length === 0 && (
        <Empty text={t('dashboard.lately.none')}>
          <Anchor component={Link} to="/connect">
            {t('dashboard.lately.connect')}
          </Anchor>
        </Empty>
      )}
      {events.length > 0 && (
        <Table aria-label={t('dashboard.lately.title')} aria-live="polite">
          <Table.Tbody>
            {events.map((event) => (
              <Table.Tr key={event.seq}>
                <Table.Td className="wraps">
                  <Stack gap={0}>
                    <Place event={event} />
                    <Group gap={4}>
                      <Text size="xs" c="dimmed">
                        {whatOf(event)}
                      </Text>
                    </Group>
                  </Stack>
                </Table.Td>
                <Table.Td ta="right">
                  <Age at={event.at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

const isMeant = ({action, tag}: RegistryEvent): boolean => tag !== null || action === 'delete';

function Place({event: {repository, tag, digest, action}}: {readonly event: RegistryEvent}) {
  const isGone = action === 'delete';
  const to =
    isGone || (tag === null && digest === null)
      ? addresses.repository(repository)
      : tag === null
        ? addresses.manifest(repository, digest ?? '')
        : addresses.tag(repository, tag);
  const name =
    tag === null
      ? digest === null
        ? repository
        : `${repository}@${shortDigest(digest)}`
      : `${repository}:${tag}`;
  return (
    <Anchor component={Link} to={to} size="sm" className="wraps">
      {name}
    </Anchor>
  );
}

function whatOf({action, actor}: RegistryEvent): string {
  const word = words.find((each) => each === action) ?? 'push';
  return actor === null
    ? t(`dashboard.lately.happened.${word}`)
    : t(`dashboard.lately.did.${word}`, {actor});
}
