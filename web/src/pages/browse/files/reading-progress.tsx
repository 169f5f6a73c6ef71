import {Progress, Stack, Text} from '@mantine/core';
import {formatBytes} from '../../../parts/numbers.ts';
import {t} from '../../../texts/texts.ts';
import type {Reading} from './reading.ts';

export function ReadingProgress({reading}: {readonly reading: Reading}) {
  const {read_bytes: read, total_bytes: total} = reading;
  const label = t('browse.files.reading', {read: formatBytes(read), total: formatBytes(total)});
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">{label}</Text>
      <Progress
        value={total === 0 ? 0 : (100 * read) / total}
        animated
        aria-label={t('browse.files.progress')}
      />
    </Stack>
  );
}
