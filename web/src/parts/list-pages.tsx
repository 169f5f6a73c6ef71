/** Under a list: how much there is of it, and the way to its other pages. */
import {Group, Pagination, Text} from '@mantine/core';
import {t} from '../texts/texts.ts';
import {formatCount} from './numbers.ts';

export function ListPages({
  page,
  perPage,
  total,
  goTo,
}: {
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
  readonly goTo: (page: number) => void;
}) {
  const pages = Math.max(1, Math.ceil(total / perPage));
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {t('list.total', {total: formatCount(total)})}
      </Text>
      {pages > 1 && (
        <Pagination
          value={Math.min(page, pages)}
          total={pages}
          onChange={goTo}
          size="sm"
          getControlProps={(control) => ({'aria-label': t(`list.${control}`)})}
          getItemProps={(number) => ({'aria-label': t('list.page', {number})})}
        />
      )}
    </Group>
  );
}
