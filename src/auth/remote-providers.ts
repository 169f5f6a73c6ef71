/** The sources of accounts that are servers of their own, as the configuration names them. */
import type {Config} from '../config/schema.ts';
import type {Log} from '../observability/log.ts';
import type {PasswordProvider} from './ports.ts';
import {KeystoneProvider} from './providers/keystone.ts';
import {LdapProvider} from './providers/ldap.ts';

/** None is asked anything yet. Throws a ConfigError where a CA file can't be read. */
export function remoteProviders(
  {ldap, keystone}: Pick<Config['auth'], 'ldap' | 'keystone'>,
  log: Log,
): readonly PasswordProvider[] {
  const {url} = keystone;
  return [
    ...(ldap.urls.length === 0 ? [] : [new LdapProvider({settings: ldap, log})]),
    ...(url === undefined ? [] : [new KeystoneProvider({settings: {...keystone, url}, log})]),
  ];
}
