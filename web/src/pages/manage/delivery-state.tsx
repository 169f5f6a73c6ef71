import {Badge} from '@mantine/core';
import type {WebhookDelivery} from '../../api/types.ts';
import {t} from '../../texts/texts.ts';

const colors = {waiting: 'blue', delivered: 'green', failed: 'red', dropped: 'orange'} as const;

export function DeliveryState({state}: Pick<WebhookDelivery, 'state'>) {
  return (
    <Badge variant="light" miw="max-content" color={colors[state]}>
      {t(`manage.deliveries.states.${state}`)}
    </Badge>
  );
}
