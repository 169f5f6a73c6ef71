/** JSON of somebody else: as it is, byte for byte, or set out for reading. */
import {SegmentedControl, Text} from '@mantine/core';
import {useMemo, useState} from 'react';
import {formatBytes} from '../../../parts/numbers.ts';
import {TextBlock} from '../../../parts/text-block.tsx';
import {t} from '../../../texts/texts.ts';

export function JsonText({
  text,
  size,
  label,
}: {
  readonly text: string;
  readonly size: number;
  readonly label: string;
}) {
  const [form, setForm] = useState('pretty');
  const pretty = useMemo(() => prettyOf(text), [text]);
  return (
    <TextBlock text={form === 'pretty' ? pretty : text} label={label}>
      <SegmentedControl
        size="xs"
        mr="auto"
        aria-label={t('browse.raw.form')}
        value={form}
        onChange={setForm}
        data={[
          {value: 'pretty', label: t('browse.raw.pretty')},
          {value: 'exact', label: t('browse.raw.exact')},
        ]}
      />
      <Text size="sm" c="dimmed">
        {formatBytes(size)}
      </Text>
    </TextBlock>
  );
}

function prettyOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
