/** The table of all settings in docs/configuration.md. */
import type {z} from 'zod';
import {settingsOf} from '../../src/config/settings.ts';
import {inline} from '../../src/config/template.ts';

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

export function settingsTable(schema: z.ZodObject): string {
  const rows = settingsOf(schema).map(({path, variable, written, choices, description}) => {
    const standard = written === undefined ? '' : `\`${inline(written)}\``;
    const known =
      choices === undefined || choices.length < 2
        ? ''
        : ` One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.`;
    return `| \`${path}\` | ${standard} | ${cell(description)}${known} | \`${variable}\` |\n`;
  });
  return `| Setting | Default | | Variable |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}
