/** Repositories, in pages and in the order that somebody wants. */
import {Anchor, Group, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import {Link} from 'react-router';
import {IconStar, IconStarFilled} from '../../../parts/icons.tsx';
import {addresses} from '../../../addresses.ts';
import {client, readPage} from '../../../api/client.ts';
import {useFresh} from '../../../live/use-fresh.ts';
import {Age} from '../../../parts/age.tsx';
import {formatCount} from '../../../parts/numbers.ts';
import {type Column, PagedTable} from '../../../parts/paged-table.tsx';
import {useSession} from '../../../session/use-session.ts';
import {t} from '../../../texts/texts.ts';
import type {Repository} from '../../../api/types.ts';

export interface RepositoryFilter {
  readonly list?: 'all' | 'starred' | 'personal';
  readonly namespace?: string;
  readonly name?: string;
}

const stars = (): Column<Repository> => ({
  title: t('browse.repositories.stars'),
  isNumber: true,
  cell: (repository) => <Stars repository={repository} />,
});

const columns = (hasStars: boolean): readonly Column<Repository>[] => [
  {
    title: t('browse.repositories.name'),
    least: 200,
    sort: 'name',
    cell: ({full_name: name}) => (
      <Anchor component={Link} to={addresses.repository(name)} size="sm" className="wraps">
        {name}
      </Anchor>
    ),
  },
  {
    title: t('browse.repositories.tags'),
    sort: 'tags',
    isNumber: true,
    cell: ({tags_count: tags}) => formatCount(tags),
  },
  {
    title: t('browse.repositories.pulls'),
    sort: 'pulls',
    isNumber: true,
    cell: ({pulls}) => formatCount(pulls),
  },
  ...(hasStars ? [stars()] : []),
  {
    title: t('browse.repositories.pushed'),
    sort: 'pushed_at',
    cell: ({pushed_at: at}) => <Age at={at} />,
  },
];

export function RepositoryTable({
  filter,
  empty,
}: {
  readonly filter: RepositoryFilter;
  readonly empty: ReactNode;
}) {
  const {authMode} = useSession();
  const fresh = useFresh(({repository}) => repository);
  return (
    <PagedTable
      label={t('browse.repositories.title')}
      queryKey={['content', 'list', 'repositories', filter]}
      load={async ({sort_attr: sort, ...page}, signal) =>
        readPage(
          client.GET('/repositories', {
            signal,
            params: {query: {...filter, ...page, ...orderOf(sort)}},
          }),
        )
      }
      columns={columns(authMode === 'accounts')}
      keyOf={({id}) => id}
      empty={empty}
      isFresh={({full_name: name}) => fresh.has(name)}
    />
  );
}

const orders = ['name', 'pushed_at', 'tags', 'pulls'] as const;

/** What an address says may be anything. */
function orderOf(text: string | undefined): {readonly sort_attr?: (typeof orders)[number]} {
  const order = orders.find((each) => each === text);
  return order === undefined ? {} : {sort_attr: order};
}

function Stars({repository: {stars, starred}}: {readonly repository: Repository}) {
  const Icon = starred ? IconStarFilled : IconStar;
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Icon size={14} />
      <Text span size="sm" {...(starred && {title: t('browse.repositories.starred')})}>
        {formatCount(stars)}
      </Text>
    </Group>
  );
}
