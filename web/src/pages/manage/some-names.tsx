/** The first of some names, and how many more there are. */
import {Text} from '@mantine/core';
import {t} from '../../texts/texts.ts';

const mostShown = 12;

export function SomeNames({
  names,
  total = names.length,
}: {
  readonly names: readonly string[];
  /** Where these are not all. */
  readonly total?: number;
}) {
  if (names.length === 0) return null;
  const more = total - mostShown;
  return (
    <Text size="sm" c="dimmed" className="wraps">
      {names.slice(0, mostShown).join(', ')}
      {more > 0 && ` ${t('manage.goes.more', {count: more})}`}
    </Text>
  );
}
