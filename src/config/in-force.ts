/** What is in force and where each value comes from, for people and for programs; secrets hidden. */
import type {z} from 'zod';
import {type Origin, describeOrigin} from './fault.ts';
import type {Loaded} from './load.ts';
import {settingsOf, withoutSecrets} from './settings.ts';
import {inline} from './template.ts';

export interface SettingInForce {
  readonly path: string;
  /** As one would write it; missing where nothing is set. */
  readonly value?: unknown;
  readonly origin: Origin;
  readonly variable: string;
}

export function settingsInForce(
  schema: z.ZodObject,
  {origins, written}: Pick<Loaded<unknown>, 'origins' | 'written'>,
): SettingInForce[] {
  return settingsOf(schema).map((setting) => {
    const {path, variable} = setting;
    const origin = origins.get(path) ?? {kind: 'default'};
    const value = withoutSecrets(setting.schema, written.get(path));
    return {path, variable, origin, ...(value === undefined ? {} : {value})};
  });
}

/** YAML that can be read again, but for the secrets, with the origin behind every value. */
export function printInForce(settings: readonly SettingInForce[]): string {
  const lines: [text: string, origin: string][] = [];
  let above: readonly string[] = [];
  for (const {path, value, origin} of settings) {
    const keys = path.split('.');
    const sections = keys.slice(0, -1);
    for (const [index, section] of sections.entries()) {
      if (above.slice(0, index + 1).join('.') === sections.slice(0, index + 1).join('.')) continue;
      lines.push([`${'  '.repeat(index)}${section}:`, '']);
    }
    above = sections;
    const indent = '  '.repeat(sections.length);
    const key = keys.at(-1) ?? '';
    lines.push(
      value === undefined
        ? [`${indent}#${key}:`, 'not set']
        : [`${indent}${key}: ${inline(value)}`, describeOrigin(origin)],
    );
  }
  const width = Math.min(50, Math.max(...lines.map(([text]) => text.length)));
  return lines
    .map(([text, origin]) => (origin === '' ? text : `${text.padEnd(width)}  # ${origin}`))
    .map((line) => `${line}\n`)
    .join('');
}
