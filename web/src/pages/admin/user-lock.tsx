/** Of a name that nobody may log in with for a while, as too many passwords were wrong. */
import {Alert, Button, Group, Text} from '@mantine/core';
import {client, read} from '../../api/client.ts';
import type {WholeUser} from '../../api/types.ts';
import {formatMoment} from '../../parts/numbers.ts';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function UserLock({user}: {readonly user: WholeUser}) {
  const {start, isPending} = useChange({
    tellsProblem: true,
    change: async () => read(client.DELETE('/users/{id}/lock', {params: {path: {id: user.id}}})),
    changes: [['users']],
    done: () => t('admin.lock.ended', {name: user.username}),
  });
  if (user.locked_at === null) return null;
  const until = user.locked_until === null ? '' : formatMoment(user.locked_until);
  return (
    <Alert color="orange" title={t('admin.lock.title')}>
      <Group justify="space-between">
        <Text size="sm">{t('admin.lock.means', {until})}</Text>
        <Button
          size="xs"
          variant="default"
          loading={isPending}
          onClick={() => {
            start(undefined);
          }}
        >
          {t('admin.lock.end')}
        </Button>
      </Group>
    </Alert>
  );
}
