/** Tags that point at the same, each to be looked at or selected. */
import {Anchor, Button, Checkbox, Group, Stack} from '@mantine/core';
import {useState} from 'react';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {t} from '../../../texts/texts.ts';
import type {TagGroup} from '../types.ts';
import type {Selection} from './tag-selection.ts';

const fewest = 5;

export function TagNames({
  repository,
  group: {tags},
  selection: {isSelected, select},
}: {
  readonly repository: string;
  readonly group: TagGroup;
  readonly selection: Selection;
}) {
  const [areAllShown, setAllShown] = useState(false);
  const shown = areAllShown ? tags : tags.slice(0, fewest);
  return (
    <Stack gap={6} align="flex-start">
      {shown.map(({name}) => (
        <Group key={name} gap="xs" wrap="nowrap" align="flex-start">
          <Checkbox
            size="xs"
            mt={2}
            aria-label={t('browse.tags.select', {name})}
            checked={isSelected(name)}
            onChange={(event) => {
              select(name, event.currentTarget.checked);
            }}
          />
          <Anchor component={Link} to={addresses.tag(repository, name)} size="sm" className="wraps">
            {name}
          </Anchor>
        </Group>
      ))}
      {tags.length > shown.length && (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            setAllShown(true);
          }}
        >
          {t('browse.tags.more', {count: tags.length - shown.length})}
        </Button>
      )}
    </Stack>
  );
}
