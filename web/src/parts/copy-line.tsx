/** Something to type elsewhere, and a button that copies it. */
import {Code, Group} from '@mantine/core';
import {CopyIcon} from './copy-icon.tsx';

export function CopyLine({value, label}: {readonly value: string; readonly label?: string}) {
  const lines = value.split(/(?<=\n)/);
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      {/* Who has no mouse has to be able to read a long one to its end. */}
      <Code block flex={1} className="wraps" tabIndex={0} aria-label={label} role="group">
        {lines.map((line, place) => (
          <span key={place} className="line">
            {line}
          </span>
        ))}
      </Code>
      <CopyIcon value={value} />
    </Group>
  );
}
