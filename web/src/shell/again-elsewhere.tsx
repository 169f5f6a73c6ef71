/** Of a provider: its page is opened in a window of its own, as this one is not to be left. */
import {Button, Group, Text} from '@mantine/core';
import {useEffect, useEffectEvent} from 'react';
import {IconExternalLink} from '../parts/icons.tsx';
import type {Session} from '../api/types.ts';
import {onSignedIn} from '../session/other-windows.ts';
import {t} from '../texts/texts.ts';

export function AgainElsewhere({
  name,
  provider,
  goOn,
  onLeave,
}: {
  readonly name: string;
  readonly provider: Session['providers'][number];
  /** When somebody has signed in there. */
  readonly goOn: () => void;
  readonly onLeave: () => void;
}) {
  const arrived = useEffectEvent(goOn);
  useEffect(() => onSignedIn(arrived), []);
  const query = new URLSearchParams({to: '/signed-in-again'});
  return (
    <>
      <Text size="sm" className="wraps">
        {t('signInAgain.elsewhere', {name})}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onLeave}>
          {t('signInAgain.leave')}
        </Button>
        <Button
          data-autofocus
          component="a"
          href={`${provider.path}?${query.toString()}`}
          target="_blank"
          rel="noopener"
          rightSection={<IconExternalLink size={16} />}
        >
          {t('signInAgain.with', {provider: provider.displayName})}
        </Button>
      </Group>
    </>
  );
}
