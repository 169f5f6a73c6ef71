/** What can be done with the tags that somebody has selected. */
import {Button, CloseButton, Group, Paper, Text} from '@mantine/core';
import {useState} from 'react';
import {Link} from 'react-router';
import {IconArrowsDiff, IconTrash} from '../../../parts/icons.tsx';
import {addresses} from '../../../addresses.ts';
import {t} from '../../../texts/texts.ts';
import type {WholeRepository} from '../types.ts';
import {DeleteTags} from './delete-tags.tsx';

/** Of the API. */
const mostAtOnce = 100;

export function SelectedTags({
  repository: {full_name: name, may_delete: mayDelete},
  tags,
  clear,
}: {
  readonly repository: WholeRepository;
  readonly tags: readonly string[];
  readonly clear: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [from, to, ...others] = tags;
  return (
    <Paper withBorder p="xs" role="region" aria-label={t('browse.tags.selection')}>
      <Group justify="space-between">
        <Text size="sm" role="status">
          {t('browse.tags.selected', {count: tags.length})}
        </Text>
        <Group gap="xs">
          {from !== undefined && to !== undefined && others.length === 0 && (
            <Button
              component={Link}
              to={addresses.compare(name, from, to)}
              variant="default"
              size="xs"
              leftSection={<IconArrowsDiff size={14} />}
            >
              {t('browse.tags.compare')}
            </Button>
          )}
          {mayDelete && (
            <Button
              color="red"
              variant="light"
              size="xs"
              disabled={tags.length > mostAtOnce}
              leftSection={<IconTrash size={14} />}
              onClick={() => {
                setOpen(true);
              }}
            >
              {t('browse.tags.delete')}
            </Button>
          )}
          <CloseButton aria-label={t('browse.tags.clear')} onClick={clear} />
        </Group>
      </Group>
      {tags.length > mostAtOnce && (
        <Text size="xs">{t('browse.tags.tooMany', {most: mostAtOnce})}</Text>
      )}
      <DeleteTags
        repository={name}
        tags={tags}
        isOpen={isOpen}
        onClose={() => {
          setOpen(false);
        }}
        onDone={clear}
      />
    </Paper>
  );
}
