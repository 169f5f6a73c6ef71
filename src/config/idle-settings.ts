/** Settings that were given and count for nothing: they are no fault, and somebody believes that they do something. */
import {resolve} from 'node:path';
import type {Fault} from './fault.ts';
import type {Loaded} from './load.ts';
import {configSchema} from './schema.ts';
import type {Config} from './schema.ts';
import {settingsOf} from './settings.ts';

export function idleSettings({config, origins, written}: Loaded<Config>): readonly Fault[] {
  const {auth, dataDir} = config;
  const warnings: Fault[] = [];
  const tell = (path: string, message: string): void => {
    const origin = origins.get(path);
    warnings.push({path, message, ...(origin ? {origin} : {})});
  };
  if (/^~(?:\/|$)/.test(dataDir)) {
    const where = resolve(dataDir);
    tell('dataDir', `~ is no home directory here, and everything lies in ${where}: write the path`);
  }
  const standards = new Map<string, unknown>();
  for (const {path, written: standard} of settingsOf(configSchema)) {
    standards.set(path, standard);
    const needed = neededBy(path, auth);
    if (needed === undefined || needed === path) continue;
    const value = written.get(path);
    // `config print` writes out what the default is.
    if (value === undefined || JSON.stringify(value) === JSON.stringify(standard)) continue;
    tell(path, `counts for nothing without ${needed}: set that, or leave this out`);
  }
  const {accelRedirect, trustedProxies} = config.http;
  if (accelRedirect !== undefined && trustedProxies.length === 0) {
    const message = 'counts for nothing without http.trustedProxies: set that, or leave this out';
    tell('http.accelRedirect', message);
  }
  if (config.metadata.url !== undefined) {
    for (const path of ['metadata.file', 'metadata.allowNetworkFileSystem']) {
      if (origins.has(path) && written.get(path) !== standards.get(path)) {
        tell(path, 'counts for nothing, as metadata.url names a server: leave this out');
      }
    }
  }
  return warnings;
}

/** The setting that is missing for this one to count. */
function neededBy(path: string, {ldap, keystone}: Config['auth']): string | undefined {
  if (path.startsWith('auth.ldap.') && ldap.urls.length === 0) return 'auth.ldap.urls';
  if (path.startsWith('auth.keystone.') && keystone.url === undefined) return 'auth.keystone.url';
  return undefined;
}
