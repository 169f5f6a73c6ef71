/** The sources of accounts that are servers of their own, as the configuration names them. */
import type {Config} from '../config/schema.ts';
import type {Log} from '../observability/log.ts';
import type {PasswordProvider, RedirectProvider} from './ports.ts';

/** Each is loaded where it is named, and none is asked anything yet. Rejects with a ConfigError where a CA file can't be read. */
export async function remoteProviders(
  {ldap, keystone}: Pick<Config['auth'], 'ldap' | 'keystone'>,
  log: Log,
): Promise<readonly PasswordProvider[]> {
  const providers: PasswordProvider[] = [];
  if (ldap.urls.length > 0) {
    const {LdapProvider} = await import('./providers/ldap.ts');
    providers.push(new LdapProvider({settings: ldap, log}));
  }
  const {url} = keystone;
  if (url !== undefined) {
    const {KeystoneProvider} = await import('./providers/keystone.ts');
    providers.push(new KeystoneProvider({settings: {...keystone, url}, log}));
  }
  return providers;
}

/** Those that people are sent to, in the order of the configuration. Rejects as above. */
export async function redirectProviders({
  oidc,
}: Pick<Config['auth'], 'oidc'>): Promise<readonly RedirectProvider[]> {
  if (oidc.length === 0) return [];
  const {OidcProvider} = await import('./providers/oidc.ts');
  return oidc.map(
    (settings, index) => new OidcProvider({settings, setting: `auth.oidc[${index}]`}),
  );
}
