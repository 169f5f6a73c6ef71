/** The text of a holdfast.yaml that another program's configuration has become: each value with the place that says it. */
import {configSchema} from './schema.ts';
import {settingsOf, withoutSecrets, type Setting} from './settings.ts';
import type {Fault, Origin} from './fault.ts';
import {inline} from './template.ts';

interface ImportedSetting {
  readonly setting: string;
  /** As one would write it. */
  readonly value: unknown;
  readonly origin: Origin;
}

export interface ImportedConfig {
  /** The other program's name. */
  readonly program: string;
  readonly settings: readonly ImportedSetting[];
  /** What has no counterpart, or another one than one would think. */
  readonly losses: readonly Fault[];
  /** What can't be had so. */
  readonly faults: readonly Fault[];
  /** What a person may want besides. */
  readonly hints: readonly Fault[];
}

interface TextOptions {
  /** Else a secret is left out, and the variable named that takes its file. */
  readonly withSecrets: boolean;
}

const describe = ({kind, detail}: Origin): string =>
  kind === 'environment' ? `variable ${detail ?? ''}` : (detail ?? kind);

export function importedText(
  {program, settings, losses, faults, hints}: ImportedConfig,
  {withSecrets}: TextOptions,
): string {
  const found = new Map(settings.map((each) => [each.setting, each]));
  const lines = [
    `# Configuration of Holdfast, made of that of ${program} by holdfast config import.`,
    '#',
    '#   holdfast config check    tells what is wrong',
    '#   holdfast config print    shows what is in force',
    ...section('To be settled by you:', [...faults, ...hints]),
    ...section('Without a counterpart, or with another one than one would think:', losses),
    '',
  ];
  let above: readonly string[] = [];
  for (const setting of settingsOf(configSchema)) {
    const own = found.get(setting.path);
    if (!own) continue;
    const sections = setting.keys.slice(0, -1);
    const shared = sections.findIndex((section, index) => section !== above[index]);
    for (let index = shared === -1 ? sections.length : shared; index < sections.length; index++) {
      lines.push(`${'  '.repeat(index)}${sections[index] ?? ''}:`);
    }
    above = sections;
    const indent = '  '.repeat(sections.length);
    lines.push(`${indent}# ${oneLine(describe(own.origin))}`);
    lines.push(`${indent}${valueLine(setting, own.value, withSecrets)}`);
  }
  return `${lines.join('\n')}\n`;
}

function valueLine(setting: Setting, value: unknown, withSecrets: boolean): string {
  const key = setting.keys.at(-1) ?? '';
  if (withSecrets) return `${key}: ${inline(value)}`;
  if (setting.secret) return `#${key}: a secret; ${setting.variable}_FILE names a file with it`;
  const shown = withoutSecrets(setting.schema, value);
  return JSON.stringify(shown) === JSON.stringify(value)
    ? `${key}: ${inline(value)}`
    : `#${key}: ${inline(shown)}, with secrets left out`;
}

function section(heading: string, faults: readonly Fault[]): readonly string[] {
  if (faults.length === 0) return [];
  return ['#', `# ${heading}`, ...faults.map((fault) => `#   ${oneLine(sentenceOf(fault))}`)];
}

export const sentenceOf = ({path, message, origin}: Fault): string =>
  `${path} ${message}${origin === undefined || origin.kind === 'default' ? '' : ` (${describe(origin)})`}`;

/** What stands in another program's file ends no comment. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
