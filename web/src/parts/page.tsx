/** A page: where it belongs, what it is called, what can be done there. */
import {Anchor, Breadcrumbs, Group, Stack, Text, Title} from '@mantine/core';
import {type ReactNode, useEffect} from 'react';
import {Link} from 'react-router';

interface Crumb {
  readonly title: string;
  readonly to: string;
}

export function Page({
  title,
  heading = title,
  crumbs = [],
  actions,
  children,
}: {
  /** Of the window. */
  readonly title: string;
  /** In place of the title, where it is more than text. */
  readonly heading?: ReactNode;
  readonly crumbs?: readonly Crumb[];
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} - Holdfast`;
  }, [title]);
  return (
    <Stack gap="md">
      {crumbs.length > 0 && (
        <Breadcrumbs
          component="nav"
          aria-label="breadcrumb"
          styles={{breadcrumb: {whiteSpace: 'normal'}}}
        >
          {crumbs.map(({title: name, to}) => (
            <Anchor key={to} component={Link} to={to} size="sm" className="wraps">
              {name}
            </Anchor>
          ))}
          <Text size="sm" c="dimmed" className="wraps" aria-current="page">
            {title}
          </Text>
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start">
        <Title order={1} size="h2" className="wraps" tabIndex={-1}>
          {heading}
        </Title>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
