/** The configuration of one command: its flags, the environment and the file. */
import type {Command} from 'commander';
import {loadConfig} from '../config/load.ts';
import type {Flag, Loaded, Sources} from '../config/load.ts';
import type {Config} from '../config/schema.ts';

/** Flags that set a setting: commander's name for each, its own, and the setting's path. */
const flagSettings = [
  ['dataDir', '--data-dir', 'dataDir'],
  ['distributionConfig', '--distribution-config', 'distribution.config'],
  ['listen', '--listen', 'http.listen'],
  ['tls', '--tls', 'tls.mode'],
  ['auth', '--auth', 'auth.mode'],
  ['readOnly', '--read-only', 'maintenance.readonly'],
] as const;

const isFlagValue = (value: unknown): value is Flag['value'] =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (Array.isArray(value) && value.every((item) => typeof item === 'string'));

export function sourcesOf(command: Command): Sources {
  const options = command.optsWithGlobals<Record<string, unknown>>();
  const flags: Record<string, Flag> = {};
  for (const [option, name, path] of flagSettings) {
    const value = options[option];
    if (isFlagValue(value)) flags[path] = {name, value};
  }
  const {config} = options;
  return {env: process.env, flags, ...(typeof config === 'string' ? {file: config} : {})};
}

/** The configuration in force; a ConfigError with all its faults. */
export const loadFor = (command: Command): Loaded<Config> => loadConfig(sourcesOf(command));
