/** A text to be read and copied, however long: what no screen can lay out at once is shown when somebody wants it. */
import {Button, Code, Group, Stack, Text} from '@mantine/core';
import {type ReactNode, useState} from 'react';
import {t} from '../texts/texts.ts';
import {CopyIcon} from './copy-icon.tsx';
import {formatCount} from './numbers.ts';

/** In signs. */
const most = 100_000;

export function TextBlock({
  text,
  label,
  children,
}: {
  readonly text: string;
  /** For whoever can't see it. */
  readonly label: string;
  /** Before the button that copies all of it. */
  readonly children?: ReactNode;
}) {
  const [isWhole, setWhole] = useState(false);
  const isCut = text.length > most && !isWhole;
  return (
    <Stack gap="sm">
      <Group justify="flex-end" gap="xs">
        {children}
        <CopyIcon value={text} />
      </Group>
      <Code
        block
        className="wraps"
        mah={600}
        style={{overflow: 'auto'}}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {isCut ? text.slice(0, most) : text}
      </Code>
      {isCut && (
        <Group gap="xs">
          <Text size="sm">
            {t('text.cut', {shown: formatCount(most), length: formatCount(text.length)})}
          </Text>
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              setWhole(true);
            }}
          >
            {t('text.all')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
