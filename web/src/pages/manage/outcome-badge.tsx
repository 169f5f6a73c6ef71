import {Badge} from '@mantine/core';
import type {Activity} from '../../api/types.ts';
import {t} from '../../texts/texts.ts';

const colors = {done: 'green', denied: 'orange', failed: 'red'} as const;

export function OutcomeBadge({outcome}: Pick<Activity, 'outcome'>) {
  return (
    <Badge variant="light" miw="max-content" color={colors[outcome]}>
      {t(`manage.activities.outcomes.${outcome}`)}
    </Badge>
  );
}
