/** Where there is nothing yet: what would be there, and how it comes there. */
import {Center, Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';

export function Empty({text, children}: {readonly text: string; readonly children?: ReactNode}) {
  return (
    <Center mih={160}>
      <Stack align="center" gap="sm">
        <Text c="dimmed">{text}</Text>
        {children}
      </Stack>
    </Center>
  );
}
