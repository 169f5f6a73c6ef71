/** A list of which the registry has all pages and the browser one. */
import {Group, Skeleton, Stack, Table, UnstyledButton, VisuallyHidden} from '@mantine/core';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {IconArrowDown, IconArrowsSort, IconArrowUp} from './icons.tsx';
import type {PageOf} from '../api/client.ts';
import {t} from '../texts/texts.ts';
import {ListPages} from './list-pages.tsx';
import {ProblemAlert} from './problem-alert.tsx';
import {type ListPlace, useListPlace} from './use-list-place.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** By which the registry sorts. */
  readonly sort?: string;
  readonly isNumber?: boolean;
  /** The title is for whoever can't see the table. */
  readonly isUntitled?: boolean;
  /** In pixels: what wraps anywhere is not squeezed into less. */
  readonly least?: number;
}

const leastWidth = 80;

interface ListQuery {
  readonly page: number;
  readonly per_page: number;
  readonly sort_attr?: string;
  readonly sort_order: 'asc' | 'desc';
}

interface PagedTableProps<Row> {
  /** For whoever can't see the table. */
  readonly label: string;
  /** Under which the pages are kept: `['content', 'list', 'repositories']`. */
  readonly queryKey: readonly unknown[];
  readonly load: (query: ListQuery, signal: AbortSignal) => Promise<PageOf<Row>>;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** In place of a table without rows. */
  readonly empty: ReactNode;
  /** The word for it in the address, where a page has several lists. */
  readonly name?: string;
  readonly perPage?: number;
  /** Something has just happened to it. */
  readonly isFresh?: (row: Row) => boolean;
}

export function PagedTable<Row>({
  label,
  queryKey,
  load,
  columns,
  keyOf,
  empty,
  name = '',
  perPage = 25,
  isFresh = () => false,
}: PagedTableProps<Row>) {
  const place = useListPlace(name);
  const {page, sort, order, goTo} = place;
  const query: ListQuery = {
    page,
    per_page: perPage,
    ...(sort === undefined ? {} : {sort_attr: sort}),
    sort_order: order,
  };
  const {data, error, isPending, isPlaceholderData} = useQuery({
    queryKey: [...queryKey, query],
    queryFn: async ({signal}) => load(query, signal),
    placeholderData: keepPreviousData,
  });
  if (error && !data) return <ProblemAlert error={error} />;
  if (isPending) return <Skeleton h={200} role="status" aria-label={t('shell.loading')} />;
  if (data.total === 0) return <>{empty}</>;
  return (
    <Stack gap="sm" aria-busy={isPlaceholderData}>
      {error && <ProblemAlert error={error} />}
      <Table.ScrollContainer minWidth={560} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
        <Table aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <HeadCell key={column.title} column={column} place={place} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((row) => (
              <Table.Tr
                key={keyOf(row)}
                {...(isFresh(row) && {bg: 'var(--mantine-primary-color-light)'})}
              >
                {columns.map(({title, cell, isNumber = false, least = leastWidth}) => (
                  <Table.Td
                    key={title}
                    ta={isNumber ? 'right' : 'left'}
                    miw={least}
                    className="wraps"
                  >
                    {cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ListPages page={page} perPage={perPage} total={data.total} goTo={goTo} />
    </Stack>
  );
}

function HeadCell<Row>({
  column: {title, sort, isNumber = false, isUntitled = false},
  place,
}: {
  readonly column: Column<Row>;
  readonly place: ListPlace;
}) {
  const align = isNumber ? 'right' : 'left';
  if (sort === undefined) {
    return (
      <Table.Th ta={align}>
        {isUntitled ? <VisuallyHidden>{title}</VisuallyHidden> : title}
      </Table.Th>
    );
  }
  const isSorted = place.sort === sort;
  const next = isSorted && place.order === 'asc' ? 'desc' : 'asc';
  const Icon = !isSorted ? IconArrowsSort : place.order === 'asc' ? IconArrowUp : IconArrowDown;
  const direction = place.order === 'asc' ? 'ascending' : 'descending';
  return (
    <Table.Th ta={align} aria-sort={isSorted ? direction : 'none'}>
      <UnstyledButton
        fw={700}
        fz="sm"
        onClick={() => {
          place.sortBy(sort, next);
        }}
      >
        <Group gap={4} wrap="nowrap" display="inline-flex">
          {title}
          <Icon size={14} />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
