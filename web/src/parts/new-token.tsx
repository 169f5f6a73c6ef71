/** A token that is shown this once, and how a client logs in with it. */
import {Alert, Button, Group, Stack, Text} from '@mantine/core';
import {t} from '../texts/texts.ts';
import {CopyLine} from './copy-line.tsx';
import {IconKey} from './icons.tsx';
import {useRegistryHost} from './use-connection.ts';

export function NewToken({
  name,
  token,
  onSeen,
}: {
  /** Of the account. */
  readonly name: string;
  readonly token: string;
  readonly onSeen: () => void;
}) {
  const host = useRegistryHost();
  return (
    <Stack>
      <Alert color="green" role="status" icon={<IconKey />} title={t('tokens.made')}>
        <Text size="sm">{t('tokens.once')}</Text>
      </Alert>
      <CopyLine value={token} label={t('tokens.token')} />
      <Text size="sm">{t('tokens.asPassword')}</Text>
      <CopyLine value={`docker login ${host} -u ${quoted(name)}`} label={t('tokens.command')} />
      <Group justify="flex-end">
        <Button onClick={onSeen}>{t('tokens.seen')}</Button>
      </Group>
    </Stack>
  );
}

/** A dollar or a plus may stand in a name. */
const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name}'`);
