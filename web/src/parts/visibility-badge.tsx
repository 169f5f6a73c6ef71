import {Badge} from '@mantine/core';
import {IconLock, IconUsers, IconWorld} from './icons.tsx';
import type {Visibility} from '../api/types.ts';
import {t} from '../texts/texts.ts';

const icons = {private: IconLock, protected: IconUsers, public: IconWorld} as const;

/** Who else than its team may pull from a namespace. */
export function VisibilityBadge({visibility}: {readonly visibility: Visibility}) {
  const Icon = icons[visibility];
  return (
    <Badge
      variant="default"
      tt="none"
      leftSection={<Icon size={12} />}
      title={t(`browse.namespaces.means.${visibility}`)}
    >
      {t(`browse.namespaces.visibilities.${visibility}`)}
    </Badge>
  );
}
