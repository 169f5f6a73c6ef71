/** Reads Docker Distribution's configuration as settings of Holdfast. */
import {lstatSync, readlinkSync, realpathSync} from 'node:fs';
import {codeOrThrow} from '../../host/error-code.ts';
import type {Environment} from '../environment.ts';
import type {Fault} from '../fault.ts';
import {type ConfigFile, parseConfigFile, readText} from '../file.ts';
import {applyRows, type Findings} from './draft.ts';
import {overlay} from './overlay.ts';
import {strangeKeys} from '../strange-keys.ts';
import {table} from './table.ts';

interface DistributionSources {
  readonly env: Environment;
  /** Whether a flag, a HOLDFAST_* variable or holdfast.yaml has the setting. */
  readonly isDecided: (setting: string) => boolean;
}

/** `broken`: what it would have said is not known. */
export interface DistributionConfig extends Findings {
  /** The file itself, where the path is a symbolic link. */
  readonly file: string;
  readonly isBroken: boolean;
}

const nothing = {settings: [], warnings: []};

/** Never throws for what the file says, or where there is none. */
export function readDistribution(path: string, sources: DistributionSources): DistributionConfig {
  const read = readText(path);
  if (read === undefined || 'failure' in read) {
    const message = read?.failure ?? missing(path);
    return {...nothing, file: path, isBroken: true, faults: [{path, message}]};
  }
  return translate(parseConfigFile(ownPath(path), read.text, 'distribution'), sources);
}

/** What a file and the variables come to. */
export function translate(
  file: ConfigFile,
  {env, isDecided}: DistributionSources,
): DistributionConfig {
  const {path, warnings} = file;
  const faults = file.faults.length > 0 ? file.faults : versionFaults(file);
  if (faults.length > 0) return {...nothing, file: path, isBroken: true, faults};
  const overlaid = overlay(file, env);
  const strange = strangeKeys(table, {
    ...overlaid,
    variables: [...overlaid.tokenServer.keys()],
    whole: 'distribution.config',
  });
  const found = applyRows(table, {...overlaid, isDecided});
  return {
    ...found,
    file: path,
    isBroken: false,
    faults: [...overlaid.faults, ...strange.faults, ...found.faults],
    warnings: [...warnings, ...strange.warnings, ...found.warnings],
  };
}

function versionFaults({content, where, path}: ConfigFile): readonly Fault[] {
  const version = Object.hasOwn(content, 'version') ? content['version'] : undefined;
  if (version === 0.1 || version === '0.1') return [];
  const message =
    version === undefined
      ? 'has no version: 0.1, as every configuration of Docker Distribution has'
      : 'is of another version than 0.1, the only one there is';
  return [{path, message, origin: {kind: 'file', detail: where(['version'])}}];
}

/** A switch by a symbolic link shows in each origin. */
function ownPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    codeOrThrow(error);
    return path;
  }
}

function missing(path: string): string {
  try {
    if (lstatSync(path).isSymbolicLink()) {
      return `is a symbolic link to ${readlinkSync(path)}, which does not exist`;
    }
  } catch (error) {
    codeOrThrow(error);
  }
  return 'does not exist';
}
