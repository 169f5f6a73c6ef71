/** The files that the settings of logins name: looked at as the start does it, without a provider that is opened. */
import type {Config} from '../../config/schema.ts';
import {ConfigError, type Fault} from '../../config/fault.ts';
import {readCaFile} from '../../tls/ca-file.ts';
import {requireHtpasswd} from './htpasswd-file.ts';
import {readSecretFile} from './secret-file.ts';

/** What makes a start end; empty where logins are not asked for. */
export async function providerFileFaults(auth: Config['auth']): Promise<readonly Fault[]> {
  if (auth.mode === 'none') return [];
  const {htpasswd, ldap, keystone, oidc, workloads} = auth;
  const looks: (() => unknown)[] = [
    () => htpasswd !== undefined && requireHtpasswd(htpasswd, Date.now()),
    () => ldap.urls.length > 0 && readCaFile('auth.ldap.caFile', ldap.caFile),
    () => keystone.url !== undefined && readCaFile('auth.keystone.caFile', keystone.caFile),
  ];
  for (const [index, {clientSecretFile, caFile}] of oidc.entries()) {
    const setting = `auth.oidc[${index}]`;
    looks.push(
      () =>
        clientSecretFile !== undefined &&
        readSecretFile(`${setting}.clientSecretFile`, clientSecretFile),
      () => readCaFile(`${setting}.caFile`, caFile),
    );
  }
  for (const [index, {caFile}] of workloads.entries()) {
    looks.push(() => readCaFile(`auth.workloads[${index}].caFile`, caFile));
  }
  return (await Promise.all(looks.map(faultsOf))).flat();
}

async function faultsOf(look: () => unknown): Promise<readonly Fault[]> {
  try {
    await look();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
