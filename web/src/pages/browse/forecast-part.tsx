/** One thing that a deletion would do, with what it does it to. */
import {List, Title} from '@mantine/core';
import type {ReactNode} from 'react';

export function ForecastPart({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      <List size="sm">{children}</List>
    </section>
  );
}
