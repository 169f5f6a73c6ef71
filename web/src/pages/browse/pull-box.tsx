/** The command that gets something, for the client that somebody has. */
import {SegmentedControl, Stack, Text} from '@mantine/core';
import {useLocalStorage} from '@mantine/hooks';
import {CopyLine} from '../../parts/copy-line.tsx';
import {t} from '../../texts/texts.ts';
import type {PullCommand} from './pull-commands.ts';

export function PullBox({
  commands,
  isShort = false,
}: {
  readonly commands: readonly PullCommand[];
  /** By tag alone. */
  readonly isShort?: boolean;
}) {
  // Who pulls with podman does so tomorrow, too.
  const [client, setClient] = useLocalStorage({key: 'holdfast-client', defaultValue: 'docker'});
  const chosen = commands.find((each) => each.client === client) ?? commands[0];
  if (!chosen) return null;
  const {byTag, byDigest} = chosen;
  return (
    <Stack gap="xs">
      {commands.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t('browse.pull.client')}
          value={chosen.client}
          onChange={setClient}
          data={commands.map((each) => each.client)}
        />
      )}
      {byTag !== undefined && <CopyLine value={byTag} label={t('browse.pull.byTag')} />}
      {byDigest !== undefined && !(isShort && byTag !== undefined) && (
        <>
          {byTag !== undefined && (
            <Text size="sm" c="dimmed">
              {t('browse.pull.same')}
            </Text>
          )}
          <CopyLine value={byDigest} label={t('browse.pull.byDigest')} />
        </>
      )}
    </Stack>
  );
}
