/** A page without the navigation: what it is about, and one form. */
import {Paper, Stack, Title} from '@mantine/core';
import {type ReactNode, useEffect} from 'react';

export function Sheet({title, children}: {readonly title: string; readonly children: ReactNode}) {
  useEffect(() => {
    document.title = `${title} - Holdfast`;
  }, [title]);
  return (
    <Paper withBorder p="lg" radius="md">
      <Stack>
        <Title order={1} size="h3" className="wraps">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}
