/** HOLDFAST_* variables: which setting each is, and what its text means. */
import type {Fault} from './fault.ts';
import {readText, withoutLastNewline} from './file.ts';
import {nearest} from './nearest.ts';
import type {Setting} from './settings.ts';
import {yaml} from './yaml.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Given {
  readonly setting: Setting;
  readonly value: unknown;
  readonly from: string;
}

/** The variable that names the file, as `--config` does. */
export const configVariable = 'HOLDFAST_CONFIG';

/** What the command line logs in with at a server elsewhere: no setting. */
export const tokenVariable = 'HOLDFAST_TOKEN';

/**
 * Kubernetes gives every pod the addresses of the services in its namespace: a service called
 * holdfast makes HOLDFAST_PORT and a dozen more, which nobody meant as settings.
 */
const serviceLink =
  /_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/** HOLDFAST_HTTP_PORT=8080 is somebody's mistake, and tcp://10.0.0.1:8080 is the service holdfast-http. */
export const isServiceLink = (variable: string, env: Environment): boolean =>
  serviceLink.test(variable) ||
  (variable.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(env[variable] ?? ''));

/** What the text of a variable or a flag means; text that does not fit is left to the schema. */
export function meaningOf(kind: Setting['kind'], text: string): unknown {
  if (kind === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (kind === 'list') return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
  if (kind === 'structure') return yaml().parse(text, {maxAliasCount: 0});
  return text;
}

export function readEnvironment(
  settings: readonly Setting[],
  env: Environment,
): {given: Given[]; faults: Fault[]} {
  const given: Given[] = [];
  const faults: Fault[] = [];
  const known = new Set([configVariable, tokenVariable]);
  const take = (setting: Setting, from: string, text: string): void => {
    try {
      given.push({setting, value: meaningOf(setting.kind, text), from});
    } catch (error) {
      if (!(error instanceof yaml().YAMLError || error instanceof ReferenceError)) throw error;
      faults.push({path: from, message: 'is not the YAML or JSON of its setting'});
    }
  };
  for (const setting of settings) {
    const {variable, secret} = setting;
    const fileVariable = `${variable}_FILE`;
    known.add(variable);
    if (secret) known.add(fileVariable);
    const text = env[variable];
    const path = secret ? env[fileVariable] : undefined;
    if (text !== undefined && path !== undefined) {
      faults.push({path: variable, message: `is set, and ${fileVariable} too; only one may be`});
    } else if (text !== undefined) {
      take(setting, variable, text);
    } else if (path !== undefined) {
      const read = readText(path) ?? {failure: 'does not exist'};
      if ('failure' in read) faults.push({path: fileVariable, message: `${path} ${read.failure}`});
      else take(setting, fileVariable, withoutLastNewline(read.text));
    }
  }
  return {given, faults: [...faults, ...strangers(settings, env, known)]};
}

function strangers(
  settings: readonly Setting[],
  env: Environment,
  known: ReadonlySet<string>,
): Fault[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('HOLDFAST_') && !known.has(name))
    .filter((name) => !isServiceLink(name, env))
    .sort()
    .map((name) => {
      const plain = settings.find(({variable}) => `${variable}_FILE` === name);
      if (plain !== undefined) {
        return {path: name, message: `only secrets are read from files; set ${plain.variable}`};
      }
      const meant = nearest(name, [...known]);
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
      return {path: name, message: `unknown variable${hint}`};
    });
}
