import {Badge} from '@mantine/core';
import {IconSignature} from '../../parts/icons.tsx';
import {t} from '../../texts/texts.ts';

export function SignedBadge() {
  return (
    <Badge
      variant="default"
      size="sm"
      tt="none"
      leftSection={<IconSignature size={12} />}
      title={t('browse.signed.text')}
    >
      {t('browse.signed.title')}
    </Badge>
  );
}
