import {Badge} from '@mantine/core';
import type {Role} from '../../api/types.ts';
import {t} from '../../texts/texts.ts';

const colors = {viewer: 'gray', contributor: 'blue', owner: 'grape'} as const;

export function RoleBadge({role}: {readonly role: Role}) {
  return (
    <Badge variant="light" miw="max-content" color={colors[role]}>
      {t(`manage.roles.${role}`)}
    </Badge>
  );
}
