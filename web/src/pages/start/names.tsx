/** The first of some things, as ways to them. */
import {Anchor, List, Text} from '@mantine/core';
import {Link} from 'react-router';
import type {PageOf} from '../../api/client.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';

interface Place {
  readonly name: string;
  readonly to: string;
}

export function Names({
  title,
  all,
  found,
  none,
}: {
  readonly title: string;
  /** Where all of them are. */
  readonly all: string;
  readonly found: PageOf<Place> | undefined;
  readonly none: string;
}) {
  return (
    <Section
      title={title}
      actions={
        <Anchor component={Link} to={all} size="sm" aria-label={t('dashboard.allOf', {title})}>
          {t('dashboard.more')}
        </Anchor>
      }
    >
      {found?.total === 0 && (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      )}
      {found && found.total > 0 && (
        <List size="sm" listStyleType="none" spacing={4}>
          {found.items.map(({name, to}) => (
            <List.Item key={to}>
              <Anchor component={Link} to={to} size="sm" className="wraps">
                {name}
              </Anchor>
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}
