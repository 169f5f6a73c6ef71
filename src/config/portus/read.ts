/** Reads Portus' configuration, its file and its variables, as settings of Holdfast. */
import {type Environment, isServiceLink} from '../environment.ts';
import {type Fault, once, type Origin} from '../fault.ts';
import {type ConfigFile, parseConfigFile, readText} from '../file.ts';
import type {ImportedConfig} from '../imported-text.ts';
import {strangeKeys} from '../strange-keys.ts';
import {getAt} from '../tree.ts';
import {ldapRows} from './ldap-rows.ts';
import {otherRows} from './other-rows.ts';
import type {PortusDraft} from './row.ts';

export const portusRows = [...ldapRows, ...otherRows];

const secretKeys = new Set(['ldap.authentication.password', 'oauth.openid_connect.secret']);

/** What Portus' containers read beside its configuration: its database, its web server, its secrets. */
const ofItsProcess =
  /^PORTUS_((DB|PUMA|PRODUCTION)_.*|(SECRET_KEY_BASE|KEY_PATH|PASSWORD)(_FILE)?|LOG_LEVEL|BACKGROUND)$/;

const variableOf = (key: string): string => `PORTUS_${key.replaceAll('.', '_').toUpperCase()}`;

type Found = {readonly value: unknown; readonly origin: Origin};

/** Without a file the variables say all. Faults where the file can't be read. */
export function readPortusConfig(
  path: string | undefined,
  env: Environment,
): ImportedConfig | readonly Fault[] {
  const file = path === undefined ? undefined : parse(path);
  if (file && file.faults.length > 0) return file.faults;
  const settings: ImportedConfig['settings'][number][] = [
    {
      setting: 'auth.mode',
      value: 'accounts',
      origin: {kind: 'default', detail: 'Portus has accounts'},
    },
  ];
  const faults: Fault[] = [];
  const losses: Fault[] = [];
  const lose = (key: string, message: string): void => {
    const origin = find(key)?.origin;
    losses.push({path: key, message, ...(origin && {origin})});
  };
  const fromFile = (path: string, variable: string): Found | undefined => {
    const origin: Origin = {kind: 'environment', detail: variable};
    const read = readText(path) ?? {failure: 'does not exist'};
    if (!('failure' in read)) return {value: read.text.replace(/\r?\n$/, ''), origin};
    faults.push({path: variable, message: `${path} ${read.failure}`});
    return undefined;
  };
  const find = (key: string): Found | undefined => {
    const variable = variableOf(key);
    const named = secretKeys.has(key) ? env[`${variable}_FILE`] : undefined;
    if (named !== undefined) return fromFile(named, `${variable}_FILE`);
    const given = env[variable];
    if (given !== undefined) return {value: given, origin: {kind: 'environment', detail: variable}};
    const keys = key.split('.');
    const value = file && getAt(file.content, keys);
    if (value === undefined || value === null || !file) return undefined;
    return {value, origin: {kind: 'file', detail: file.where(keys)}};
  };
  const draft: PortusDraft = {
    text: (key) => {
      const value = find(key)?.value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      if (typeof value === 'string' && value.trim() !== '') return value;
      return undefined;
    },
    flag: (key) => {
      const value = find(key)?.value;
      if (value === undefined || typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      lose(key, 'is neither true nor false');
      return undefined;
    },
    number: (key) => {
      const value = find(key)?.value;
      const number = typeof value === 'string' && value !== '' ? Number(value) : value;
      if (number === undefined || number === '') return undefined;
      if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
      lose(key, 'is no number');
      return undefined;
    },
    set: (setting, value, key) => {
      settings.push({setting, value, origin: find(key)?.origin ?? {kind: 'default', detail: key}});
    },
    lose,
  };
  for (const {translate} of portusRows) translate?.(draft);
  if (faults.length > 0) return once(faults);
  const strange = strangeKeys(portusRows, {
    tree: file?.content ?? {},
    variables: strangeVariables(env),
    originOf: (key) =>
      key.startsWith('PORTUS_') || !file
        ? {kind: 'environment', detail: key}
        : {kind: 'file', detail: file.where(key.split('.'))},
    whole: "Portus' configuration",
  });
  return {
    program: 'Portus',
    settings,
    losses: [...once(losses), ...strange.faults, ...strange.warnings],
    faults: [],
    hints: [],
  };
}

function parse(path: string): Pick<ConfigFile, 'content' | 'where' | 'faults'> {
  const read = readText(path) ?? {failure: 'does not exist'};
  if ('failure' in read) {
    return {content: {}, where: () => path, faults: [{path, message: read.failure}]};
  }
  return parseConfigFile(path, read.text, 'distribution');
}

/** Variables that no key of the table has. */
function strangeVariables(env: Environment): readonly string[] {
  const known = portusRows.flatMap(({keys}) => keys).map(variableOf);
  const secretFiles = [...secretKeys].map((key) => `${variableOf(key)}_FILE`);
  const isKnown = (name: string): boolean =>
    [...known, ...secretFiles].includes(name) ||
    known.some((other) => other.endsWith('*') && name.startsWith(other.slice(0, -1)));
  return Object.keys(env)
    .filter((name) => name.startsWith('PORTUS_') && !ofItsProcess.test(name))
    .filter((name) => !isServiceLink(name, env) && !isKnown(name))
    .sort();
}
