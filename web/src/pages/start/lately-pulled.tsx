/** What was pulled lately, and how often in all. */
import {Anchor, Stack, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import {Age} from '../../parts/age.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';

const mostShown = 5;

/** Nothing where nothing was pulled yet. */
export function LatelyPulled() {
  const {data, error} = useQuery({
    queryKey: ['content', 'list', 'pulled', mostShown],
    queryFn: async ({signal}) => {
      const query = {per_page: mostShown, sort_attr: 'pulled_at', sort_order: 'desc'} as const;
      return readPage(client.GET('/repositories', {signal, params: {query}}));
    },
  });
  if (error) return <ProblemAlert error={error} />;
  const pulled = data?.items.filter(({pulled_at: at}) => at !== null) ?? [];
  if (pulled.length === 0) return null;
  return (
    <Section title={t('dashboard.pulled.title')}>
      <Table aria-label={t('dashboard.pulled.title')}>
        <Table.Tbody>
          {pulled.map(({id, full_name: name, pulls, pulled_at: at}) => (
            <Table.Tr key={id}>
              <Table.Td className="wraps">
                <Stack gap={0}>
                  <Anchor component={Link} to={addresses.repository(name)} size="sm">
                    {name}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {t('dashboard.pulled.times', {count: pulls})}
                  </Text>
                </Stack>
              </Table.Td>
              <Table.Td ta="right">
                <Age at={at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
