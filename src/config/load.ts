/** Reads the configuration: flags over variables over the file over Docker Distribution's over the defaults, all faults at once. */
import {existsSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import type {z} from 'zod';
import type {NamedKey} from './distribution/draft.ts';
import {findDistribution, type Placed} from './distribution-source.ts';
import {configVariable, meaningOf, readEnvironment} from './environment.ts';
import type {Environment, Given} from './environment.ts';
import {ConfigError} from './fault.ts';
import type {Fault, Origin} from './fault.ts';
import {candidates, parseConfigFile, readText} from './file.ts';
import type {ConfigFile} from './file.ts';
import {judge} from './judge.ts';
import {configSchema} from './schema.ts';
import type {Config} from './schema.ts';
import {readSecretFiles} from './secret-files.ts';
import {settingsOf} from './settings.ts';
import type {Setting} from './settings.ts';
import {getAt, isTree, setAt, withoutEmptySections} from './tree.ts';

/** A flag's text, or texts where it may be repeated, for the setting at its path. */
export interface Flag {
  readonly name: string;
  readonly value: string | readonly string[] | boolean;
}

export interface Sources {
  /** Given by somebody: not to be there is a fault. Without it the usual places are looked at. */
  readonly file?: string | undefined;
  readonly env: Environment;
  /** By the path of the setting: `{'http.listen': {name: '--listen', value: [...]}}`. */
  readonly flags: Readonly<Record<string, Flag>>;
}

export interface Loaded<C> {
  readonly config: C;
  /** By the path of the setting; every setting has one. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** What is in force as one would write it (`30s`); settings that are not set are missing. */
  readonly written: ReadonlyMap<string, unknown>;
  /** The file that was read. */
  readonly file?: string;
  /** Docker Distribution's, where one was named. */
  readonly distribution?: DistributionInForce;
  /** What works, and will surprise somebody later. */
  readonly warnings: readonly Fault[];
}

interface DistributionInForce {
  /** The file itself, where a symbolic link was named. */
  readonly file: string;
  /** Where the key that signs tokens must be. */
  readonly signingKey?: NamedKey;
}

/** `loaded` is made of the sound settings, where there are faults; absent if the file can't be read. */
export interface Examined<C> {
  readonly faults: readonly Fault[];
  readonly loaded?: Loaded<C>;
}

function readFlags(settings: readonly Setting[], flags: Sources['flags']): Given[] {
  return settings.flatMap((setting) => {
    const flag = flags[setting.path];
    if (flag === undefined) return [];
    const {name, value} = flag;
    const meaning = typeof value === 'string' ? meaningOf(setting.kind, value) : value;
    return [{setting, value: meaning, from: name}];
  });
}

/** The file that was named, or the first that exists of the usual places. */
function findFile({file, env}: Sources, dataDir: string): ConfigFile | Fault | undefined {
  const variable = env[configVariable];
  const named = file ?? variable;
  for (const path of named === undefined ? candidates(dataDir) : [resolve(named)]) {
    const read = readText(path);
    // A data directory that can't be entered is found by its own check, which knows the remedy.
    const shut = named === undefined && dirname(path) === resolve(dataDir) && !existsSync(path);
    if (read !== undefined && !shut) {
      return 'text' in read ? parseConfigFile(path, read.text) : {path, message: read.failure};
    }
  }
  if (named === undefined) return undefined;
  const origin: Origin =
    file === undefined
      ? {kind: 'environment', detail: configVariable}
      : {kind: 'flag', detail: '--config'};
  return {path: named, message: 'does not exist', origin};
}

const placed = (given: readonly Given[], kind: Origin['kind']): Placed[] =>
  given.map(({setting, value, from}) => ({setting, value, origin: {kind, detail: from}}));

/** Everything that a schema, files, variables and flags come to; never throws for what they say. */
export function examine<S extends z.ZodObject>(schema: S, sources: Sources): Examined<z.output<S>> {
  const settings = settingsOf(schema);
  const environment = readEnvironment(settings, sources.env);
  const overrides = [
    ...placed(environment.given, 'environment'),
    ...placed(readFlags(settings, sources.flags), 'flag'),
  ];

  const dataDir = overrides.findLast(({setting}) => setting.path === 'dataDir')?.value;
  const found = findFile(sources, typeof dataDir === 'string' ? dataDir : './data');
  const file = found !== undefined && 'content' in found ? found : undefined;
  const fileFaults = found !== undefined && 'message' in found ? [found] : (file?.faults ?? []);

  const said = withoutEmptySections(schema, file?.content ?? {});
  const secrets = readSecretFiles({settings, overrides, file, tree: said});
  let {tree} = secrets;
  const distribution = findDistribution({settings, overrides, file, tree}, sources.env);
  const isBroken = fileFaults.length > 0 || distribution?.isBroken === true;
  const origins = new Map<string, Origin>();
  for (const {path, keys} of settings) {
    const inFile = getAt(tree, keys) !== undefined;
    origins.set(
      path,
      inFile && file ? {kind: 'file', detail: file.where(keys)} : {kind: 'default'},
    );
  }
  const place = ({setting, value, origin}: Placed): void => {
    origins.set(setting.path, origin);
    tree = setAt(tree, setting.keys, value);
  };
  for (const {setting: path, value, origin} of distribution?.settings ?? []) {
    const setting = settings.find((each) => each.path === path);
    if (setting) place({setting, value, origin});
  }
  secrets.placed.forEach(place);
  overrides.forEach(place);

  const judged = judge(schema, settings, tree, {origins, file});
  // What a broken file would have said is unknown: only what variables and flags say can be judged.
  const faults = judged.faults.filter(
    ({origin}) => !isBroken || origin?.kind === 'environment' || origin?.kind === 'flag',
  );
  const {config} = judged;
  const all = [
    ...fileFaults,
    ...secrets.faults,
    ...(distribution?.faults ?? []),
    ...faults,
    ...environment.faults,
  ];
  if (config === undefined || isBroken) return {faults: all};
  const written = new Map(
    settings.flatMap(({path, keys, written: standard}) => {
      const value = getAt(judged.tree, keys);
      if (value !== undefined) return [[path, value]];
      return standard !== undefined && isTree(getAt(config, keys.slice(0, -1)))
        ? [[path, standard]]
        : [];
    }),
  );
  return {
    faults: all,
    loaded: {
      config,
      origins,
      written,
      warnings: distribution?.warnings ?? [],
      ...(file === undefined ? {} : {file: file.path}),
      ...(distribution === undefined ? {} : {distribution}),
    },
  };
}

/** The configuration in force, or a ConfigError with everything that is wrong. */
export function loadConfig(sources: Sources): Loaded<Config> {
  const {faults, loaded} = examine(configSchema, sources);
  if (faults.length > 0 || loaded === undefined) throw new ConfigError(faults);
  return loaded;
}
