/** For those who have not signed in: what was pushed lately, of what everybody may pull. */
import {Anchor, Button, Group, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import type {Repository} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {formatCount} from '../../parts/numbers.ts';
import {type Column, PagedTable} from '../../parts/paged-table.tsx';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';

const columns = (): readonly Column<Repository>[] => [
  {
    title: t('dashboard.public.name'),
    cell: ({full_name: name}) => (
      <Anchor component={Link} to={addresses.repository(name)} size="sm" className="wraps">
        {name}
      </Anchor>
    ),
  },
  {
    title: t('dashboard.public.tags'),
    isNumber: true,
    cell: ({tags_count: count}) => formatCount(count),
  },
  {title: t('dashboard.public.pushed'), cell: ({pushed_at: at}) => <Age at={at} />},
];

export function PublicRepositories() {
  return (
    <Section title={t('dashboard.public.title')}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t('dashboard.public.means')}
        </Text>
        <Button component={Link} to="/sign-in" size="xs">
          {t('shell.signIn')}
        </Button>
      </Group>
      <PagedTable
        label={t('dashboard.public.title')}
        queryKey={['content', 'list', 'repositories', 'public']}
        load={async ({page, per_page}, signal) =>
          readPage(
            client.GET('/repositories', {
              signal,
              params: {query: {page, per_page, sort_attr: 'pushed_at', sort_order: 'desc'}},
            }),
          )
        }
        columns={columns()}
        keyOf={({id}) => id}
        empty={<Empty text={t('dashboard.public.none')} />}
      />
    </Section>
  );
}
