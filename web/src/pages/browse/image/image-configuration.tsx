/** How an image is run. */
import {Code, Stack} from '@mantine/core';
import {formatMoment} from '../../../parts/numbers.ts';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {Facts} from '../facts.tsx';
import type {Details} from '../types.ts';
import {WordTable} from './word-table.tsx';

export function ImageConfiguration({
  configuration,
}: {
  readonly configuration: NonNullable<Details['configuration']>;
}) {
  const {created, author, os, architecture, variant, env, labels} = configuration;
  const platform = [os, architecture, variant].filter((part) => part !== null).join('/');
  const texts: readonly (readonly [string, string | null])[] = [
    [t('browse.configuration.created'), created === null ? null : momentOf(created)],
    [t('browse.configuration.author'), author],
    [t('browse.manifest.platform'), platform],
    [t('browse.configuration.user'), configuration.user],
    [t('browse.configuration.directory'), configuration.working_dir],
    [t('browse.configuration.signal'), configuration.stop_signal],
    [t('browse.configuration.ports'), configuration.exposed_ports.join(', ')],
    [t('browse.configuration.volumes'), configuration.volumes.join(', ')],
  ];
  const commands: readonly (readonly [string, readonly string[]])[] = [
    [t('browse.configuration.entrypoint'), configuration.entrypoint],
    [t('browse.configuration.command'), configuration.cmd],
  ];
  return (
    <Stack gap="md">
      <Section title={t('browse.configuration.title')}>
        <Facts
          facts={[
            ...texts.filter(([, text]) => text !== null && text !== ''),
            ...commands
              .filter(([, words]) => words.length > 0)
              .map(
                ([title, words]) =>
                  [title, <Code key={title}>{JSON.stringify(words)}</Code>] as const,
              ),
          ]}
        />
      </Section>
      <Section title={t('browse.configuration.environment')}>
        <WordTable label={t('browse.configuration.environment')} words={env.map(variableOf)} />
      </Section>
      <Section title={t('browse.configuration.labels')}>
        <WordTable label={t('browse.configuration.labels')} words={Object.entries(labels)} />
      </Section>
    </Stack>
  );
}

/** `NAME=value` */
function variableOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** What an image says of its time may be no time. */
const momentOf = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? text : formatMoment(text);
