/** Namespaces, in pages and in the order that somebody wants. */
import {Anchor, Badge, Group} from '@mantine/core';
import type {ReactNode} from 'react';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {client, readPage} from '../../../api/client.ts';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {type Column, PagedTable} from '../../../parts/paged-table.tsx';
import {t} from '../../../texts/texts.ts';
import type {Namespace} from '../types.ts';
import {VisibilityBadge} from '../../../parts/visibility-badge.tsx';

export type NamespaceList = 'member' | 'personal' | 'other';

const columns = (): readonly Column<Namespace>[] => [
  {
    title: t('browse.namespaces.name'),
    least: 160,
    sort: 'name',
    cell: ({name, is_orphan: isOrphan}) => (
      <Group gap="xs">
        <Anchor component={Link} to={addresses.namespace(name)} size="sm" className="wraps">
          {name === '/' ? t('browse.namespaces.root') : name}
        </Anchor>
        {isOrphan && (
          <Badge variant="default" size="sm" tt="none">
            {t('browse.namespaces.orphan')}
          </Badge>
        )}
      </Group>
    ),
  },
  {
    title: t('browse.namespaces.visibility'),
    sort: 'visibility',
    cell: ({visibility}) => <VisibilityBadge visibility={visibility} />,
  },
  {title: t('browse.namespaces.team'), cell: (namespace) => <TeamLink namespace={namespace} />},
  {
    title: t('browse.namespaces.repositories'),
    isNumber: true,
    cell: ({repositories_count: count}) => formatCount(count),
  },
  {
    title: t('browse.namespaces.webhooks'),
    isNumber: true,
    cell: ({webhooks_count: count}) => (count === null ? '' : formatCount(count)),
  },
  {
    title: t('browse.namespaces.size'),
    isNumber: true,
    cell: ({bytes}) => (bytes === null ? '' : formatBytes(bytes)),
  },
];

const orders = ['name', 'visibility'] as const;

export function NamespaceTable({
  list,
  name,
  empty,
}: {
  readonly list: NamespaceList;
  readonly name: string;
  readonly empty: ReactNode;
}) {
  return (
    <PagedTable
      label={t('browse.namespaces.title')}
      queryKey={['content', 'list', 'namespaces', list, name]}
      load={async ({sort_attr: sort, ...page}, signal) =>
        readPage(
          client.GET('/namespaces', {
            signal,
            params: {
              query: {
                ...page,
                list,
                ...(name !== '' && {name}),
                sort_attr: orders.find((each) => each === sort) ?? 'name',
              },
            },
          }),
        )
      }
      columns={columns()}
      keyOf={({id}) => id}
      empty={empty}
    />
  );
}

/** Whoever is in a team may look at it; that of one person is nothing to look at. */
export function TeamLink({
  namespace: {
    team: {name, hidden},
    permissions: {role},
  },
}: {
  readonly namespace: Namespace;
}) {
  if (hidden || role === null) return <>{name}</>;
  return (
    <Anchor component={Link} to={addresses.team(name)} size="sm" className="wraps">
      {name}
    </Anchor>
  );
}
