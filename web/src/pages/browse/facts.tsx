/** Short facts side by side, each with what it is. */
import {Box, SimpleGrid, Text} from '@mantine/core';
import type {ReactNode} from 'react';

export function Facts({
  facts,
  areLong = false,
}: {
  readonly facts: readonly (readonly [title: string, value: ReactNode])[];
  /** Fewer fit beside each other. */
  readonly areLong?: boolean;
}) {
  return (
    <SimpleGrid
      component="dl"
      cols={areLong ? {base: 1, xs: 2} : {base: 2, sm: 3}}
      spacing="sm"
      m={0}
    >
      {facts.map(([title, value]) => (
        <Box key={title}>
          <Text component="dt" size="xs" c="dimmed">
            {title}
          </Text>
          <Text component="dd" size="sm" m={0} className="wraps">
            {value}
          </Text>
        </Box>
      ))}
    </SimpleGrid>
  );
}
