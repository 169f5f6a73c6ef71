/** Docker Distribution's file with its variables over it: REGISTRY_HTTP_ADDR is http.addr. */
import {type Environment, isServiceLink} from '../environment.ts';
import type {Fault, Origin} from '../fault.ts';
import type {ConfigFile} from '../file.ts';
import {getAt, isTree, type Tree} from '../tree.ts';
import {yaml} from '../yaml.ts';

export interface Overlaid {
  /** Of the file, and of the variables. */
  readonly tree: Tree;
  /** Those of the token server, by their names. */
  readonly tokenServer: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
  /** What says what stands at the path of a key; a variable of the token server is its own. */
  readonly originOf: (key: string) => Origin;
}

const prefix = 'REGISTRY_';
const tokenServerPrefix = 'REGISTRY_TOKEN_SERVER_';
/** Where Distribution finds its file. */
const fileVariable = 'REGISTRY_CONFIGURATION_PATH';

interface Layer {
  readonly keys: readonly string[];
  readonly variable: string;
}

/** `storage: filesystem` is short for a driver without parameters; so it is with `auth`. */
function whole(tree: Tree): Tree {
  const long = ['storage', 'auth'].flatMap((key) => {
    const value = Object.hasOwn(tree, key) ? tree[key] : undefined;
    return typeof value === 'string' && value !== '' ? [[key, {[value]: {}}] as const] : [];
  });
  return {...tree, ...Object.fromEntries(long)};
}

/** Case does not count, and what is not there yet is in small letters. */
const keyFor = (tree: Tree, part: string): string =>
  Object.keys(tree).find((key) => key.toUpperCase() === part) ?? part.toLowerCase();

/** The tree with the value in it, and where that is; the same tree where a value stands in the way. */
function put(
  tree: Tree,
  [part = '', ...rest]: readonly string[],
  value: unknown,
): {tree: Tree; keys: readonly string[]} {
  const key = keyFor(tree, part);
  if (rest.length === 0) return {tree: {...tree, [key]: value}, keys: [key]};
  const present = Object.hasOwn(tree, key) ? tree[key] : undefined;
  const below = present ?? {};
  if (!isTree(below)) return {tree, keys: [key]};
  const inner = put(below, rest, value);
  return {tree: {...tree, [key]: inner.tree}, keys: [key, ...inner.keys]};
}

/** Sorted as Distribution does it: what sets a whole section comes before what sets a part of it. */
const namesOf = (env: Environment): readonly string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(prefix) && name !== fileVariable && !isServiceLink(name, env))
    .sort();

/** `undefined`: it is no YAML. */
function meaningOf(text: string): {readonly value: unknown} | undefined {
  try {
    return {value: yaml().parse(text, {version: '1.1', maxAliasCount: 0, logLevel: 'error'})};
  } catch (error) {
    // An alias, a merge of what is no mapping: each has an error of its own, and the text alone makes them.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

export function overlay(file: ConfigFile, env: Environment): Overlaid {
  const layers: Layer[] = [];
  const faults: Fault[] = [];
  const tokenServer = new Map<string, string>();
  let tree = whole(file.content);
  for (const variable of namesOf(env)) {
    const text = env[variable] ?? '';
    if (variable.startsWith(tokenServerPrefix)) {
      tokenServer.set(variable, text);
      continue;
    }
    const origin: Origin = {kind: 'environment', detail: variable};
    const read = meaningOf(text);
    if (read === undefined) {
      faults.push({path: variable, message: 'is not YAML, as Distribution reads it', origin});
      continue;
    }
    const changed = put(tree, variable.slice(prefix.length).split('_'), read.value);
    tree = whole(changed.tree);
    layers.push({keys: changed.keys, variable});
  }

  const originOf = (key: string): Origin => {
    if (key.startsWith(tokenServerPrefix)) return {kind: 'environment', detail: key};
    const keys = key.split('.');
    const begins = (one: readonly string[], other: readonly string[]): boolean =>
      one.every((step, index) => step === other[index]);
    const isInFile = getAt(file.content, keys) !== undefined;
    const layer =
      layers.findLast((each) => begins(each.keys, keys)) ??
      (isInFile ? undefined : layers.findLast((each) => begins(keys, each.keys)));
    if (layer !== undefined) return {kind: 'environment', detail: layer.variable};
    return {kind: 'file', detail: file.where(keys)};
  };
  return {tree, tokenServer, faults, originOf};
}
