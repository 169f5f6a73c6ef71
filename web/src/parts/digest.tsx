/** A digest, short, with the whole of it to copy and under the pointer. */
import {Code, Group} from '@mantine/core';
import {CopyIcon} from './copy-icon.tsx';
import {shortDigest} from './short-digest.ts';

export function Digest({value}: {readonly value: string}) {
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Code title={value} style={{whiteSpace: 'nowrap'}}>
        {shortDigest(value)}
      </Code>
      <CopyIcon value={value} />
    </Group>
  );
}
