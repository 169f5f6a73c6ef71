/** `bindPasswordFile: PATH` in holdfast.yaml: for each secret of the file what its variable with _FILE is, so that every command knows it. */
import type {Placed} from './distribution-source.ts';
import type {Fault, Origin} from './fault.ts';
import {type ConfigFile, readText, withoutLastNewline} from './file.ts';
import type {Setting} from './settings.ts';
import {getAt, type Tree, without} from './tree.ts';

/** The key beside that of a secret. */
export const fileKeyOf = (key: string): string => `${key}File`;

interface Said {
  readonly settings: readonly Setting[];
  /** Of variables and flags: what they say no file is read for. */
  readonly overrides: readonly Placed[];
  readonly file: ConfigFile | undefined;
  /** The content of the file. */
  readonly tree: Tree;
}

interface SecretFiles {
  readonly placed: readonly Placed[];
  readonly faults: readonly Fault[];
  /** Without the keys that name files. */
  readonly tree: Tree;
}

export function readSecretFiles({settings, overrides, file, tree}: Said): SecretFiles {
  const placed: Placed[] = [];
  const faults: Fault[] = [];
  const paths: (readonly string[])[] = [];
  for (const setting of settings) {
    if (!setting.secret || !file) continue;
    const keys = [...setting.keys.slice(0, -1), fileKeyOf(setting.keys.at(-1) ?? '')];
    const path = getAt(tree, keys);
    if (path === undefined) continue;
    paths.push(keys);
    if (overrides.some((each) => each.setting === setting)) continue;
    const origin: Origin = {kind: 'file', detail: file.where(keys)};
    const read = readSecret(path, getAt(tree, setting.keys) !== undefined, setting);
    if ('text' in read) placed.push({setting, value: read.text, origin});
    else faults.push({path: keys.join('.'), message: read.failure, origin});
  }
  return {placed, faults, tree: without(tree, paths)};
}

function readSecret(
  path: unknown,
  isSetToo: boolean,
  setting: Setting,
): {readonly text: string} | {readonly failure: string} {
  if (isSetToo) return {failure: `is set, and ${setting.path} too; only one may be`};
  if (typeof path !== 'string' || path === '') return {failure: 'must be the path of a file'};
  const read = readText(path) ?? {failure: 'does not exist'};
  if ('failure' in read) return {failure: `${path} ${read.failure}`};
  return {text: withoutLastNewline(read.text)};
}
