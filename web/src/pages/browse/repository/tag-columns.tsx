/** What is shown of the tags that point at one thing. */
import {Stack, Text} from '@mantine/core';
import {Age} from '../../../parts/age.tsx';
import {Digest} from '../../../parts/digest.tsx';
import {formatBytes} from '../../../parts/numbers.ts';
import type {Column} from '../../../parts/paged-table.tsx';
import {t} from '../../../texts/texts.ts';
import {Platforms} from '../platforms.tsx';
import {SignedBadge} from '../signed-badge.tsx';
import type {TagGroup} from '../types.ts';
import {TagNames} from './tag-names.tsx';
import type {Selection} from './tag-selection.ts';

export const tagColumns = (
  repository: string,
  selection: Selection,
): readonly Column<TagGroup>[] => [
  {
    title: t('browse.tags.tags'),
    least: 160,
    cell: (group) => <TagNames repository={repository} group={group} selection={selection} />,
  },
  {
    title: t('browse.tags.digest'),
    cell: ({digest, is_signed: isSigned}) => (
      <Stack gap={4} align="flex-start">
        <Digest value={digest} />
        {isSigned && <SignedBadge />}
      </Stack>
    ),
  },
  {
    title: t('browse.tags.platforms'),
    least: 140,
    cell: (group) => <Platforms names={platformsOf(group)} />,
  },
  {
    title: t('browse.tags.size'),
    isNumber: true,
    cell: ({tags: [tag]}) => (tag?.size == null ? '' : formatBytes(tag.size)),
  },
  {
    title: t('browse.tags.pushedAt'),
    cell: ({pushed_at: at, tags: [tag]}) => (
      <>
        <Age at={at} />
        {tag?.author != null && (
          <Text size="xs" c="dimmed" className="wraps">
            {t('browse.tags.by', {name: tag.author})}
          </Text>
        )}
      </>
    ),
  },
  {
    title: t('browse.tags.pulledAt'),
    cell: ({tags}) => <Age at={lastPull(tags)} />,
  },
];

/** Of an image its own one. */
function platformsOf({platforms, tags: [tag]}: TagGroup): readonly string[] {
  if (platforms.length > 0) return platforms;
  return tag?.platform == null ? [] : [tag.platform];
}

const lastPull = (tags: TagGroup['tags']): string | undefined =>
  tags
    .flatMap(({pulled_at: at}) => (at === null ? [] : [at]))
    .toSorted()
    .at(-1);
