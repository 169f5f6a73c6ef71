/** What to put where, so that a client takes this registry for what it is. */
import {Stack, Text, Title} from '@mantine/core';
import {CopyLine} from '../../parts/copy-line.tsx';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import type {Connection} from '../../parts/use-connection.ts';

type Steps = Connection['clients'];

export function TrustSteps({steps, isPlain}: {readonly steps: Steps; readonly isPlain: boolean}) {
  return (
    <Section title={t(isPlain ? 'account.connect.allowPlain' : 'account.connect.trust')}>
      {!isPlain && (
        <Text size="sm" c="dimmed">
          {t('account.connect.beside')}
        </Text>
      )}
      {steps.map(({client, files, commands, notes}) => (
        <Stack key={client} gap="xs">
          {steps.length > 1 && (
            <Title order={3} size="h5">
              {client}
            </Title>
          )}
          {/* What is to be written, before what is to be run then. */}
          {files
            .filter(({path}) => !commands.some((command) => command.includes(path)))
            .map(({path, content}) => (
              <Stack key={path} gap={4}>
                <Text size="sm" className="wraps">
                  {t('account.connect.inFile', {path})}
                </Text>
                <CopyLine value={content ?? ''} label={path} />
              </Stack>
            ))}
          {commands.length > 0 && (
            <CopyLine value={commands.join('\n')} label={t('account.connect.commands', {client})} />
          )}
          {notes.map((note) => (
            <Text key={note} size="sm" c="dimmed" className="wraps" style={preLine}>
              {note}
            </Text>
          ))}
        </Stack>
      ))}
    </Section>
  );
}

const preLine = {whiteSpace: 'pre-wrap'} as const;
