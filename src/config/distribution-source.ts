/** Docker Distribution's configuration as a source of settings: where it lies, and what is decided without it. */
import {resolve} from 'node:path';
import {type DistributionConfig, readDistribution} from './distribution/read.ts';
import type {Environment} from './environment.ts';
import type {Origin} from './fault.ts';
import type {ConfigFile} from './file.ts';
import type {Setting} from './settings.ts';
import {getAt, type Tree} from './tree.ts';

/** A value with what says it. */
export interface Placed {
  readonly setting: Setting;
  readonly value: unknown;
  readonly origin: Origin;
}

/** What the settings say before Docker Distribution's configuration is looked at. */
interface Said {
  readonly settings: readonly Setting[];
  /** Of variables and flags, the last one wins. */
  readonly overrides: readonly Placed[];
  readonly file: ConfigFile | undefined;
  /** The content of the file. */
  readonly tree: Tree;
}

const distributionSetting = 'distribution.config';

/** `undefined`: it is not asked for. What the setting itself is at fault in, the schema tells. */
export function findDistribution(
  {settings, overrides, file, tree}: Said,
  env: Environment,
): DistributionConfig | undefined {
  const setting = settings.find(({path}) => path === distributionSetting);
  if (setting === undefined) return undefined;
  const override = overrides.findLast((placed) => placed.setting === setting);
  const path = override === undefined ? getAt(tree, setting.keys) : override.value;
  if (typeof path !== 'string' || path === '') return undefined;
  const decided = new Set(
    settings
      .filter(
        (each) =>
          getAt(tree, each.keys) !== undefined ||
          overrides.some((placed) => placed.setting === each),
      )
      .map((each) => each.path),
  );
  const read = readDistribution(resolve(path), {env, isDecided: (each) => decided.has(each)});
  const origin = override?.origin ?? (file && {kind: 'file', detail: file.where(setting.keys)});
  // Where the file itself is at fault, the setting that names it tells more.
  return origin ? {...read, faults: read.faults.map((fault) => ({origin, ...fault}))} : read;
}
