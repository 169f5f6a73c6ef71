import {Badge, Group, Text} from '@mantine/core';
import {t} from '../../texts/texts.ts';

const fewest = 4;

/** For which machines it is; the names are those of whoever made it. */
export function Platforms({names}: {readonly names: readonly string[]}) {
  const others = names.slice(fewest);
  return (
    <Group gap={4}>
      {names.slice(0, fewest).map((name) => (
        <Badge key={name} variant="default" size="sm" tt="none" maw={160} title={name}>
          {name}
        </Badge>
      ))}
      {others.length > 0 && (
        <Text span size="xs" c="dimmed" title={others.join(', ')}>
          {t('browse.tags.more', {count: others.length})}
        </Text>
      )}
    </Group>
  );
}
