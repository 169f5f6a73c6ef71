/** Where Markdown is written, and looked at before it is saved. */
import {Box, SegmentedControl, Stack, Text, Textarea} from '@mantine/core';
import {useState} from 'react';
import {Markdown} from '../../parts/markdown.tsx';
import {tooLong} from '../../parts/too-long.ts';
import {t} from '../../texts/texts.ts';

export function MarkdownField({
  label,
  value,
  onChange,
  longest,
  rows = 12,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** In signs; more is kept here, and refused by the registry. */
  readonly longest: number;
  readonly rows?: number;
}) {
  const [mode, setMode] = useState('write');
  const fault = tooLong(value, longest);
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={mode}
        onChange={setMode}
        data={[
          {value: 'write', label: t('browse.markdown.write')},
          {value: 'preview', label: t('browse.markdown.preview')},
        ]}
      />
      {mode === 'write' ? (
        <Textarea
          aria-label={label}
          description={t('browse.markdown.hint')}
          value={value}
          error={fault}
          rows={rows}
          // One that grows with its text stands still while much is typed into it.
          resize="vertical"
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      ) : (
        <Box mih={120} p="sm" bd="1px solid var(--mantine-color-default-border)">
          {fault !== undefined || value.trim() === '' ? (
            <Text size="sm" c="dimmed">
              {fault ?? t('browse.markdown.nothing')}
            </Text>
          ) : (
            <Markdown text={value} />
          )}
        </Box>
      )}
    </Stack>
  );
}
