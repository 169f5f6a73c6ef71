/** Which providers say who is an admin: where one does, a local admin is a second one. */
import type {Config} from './schema.ts';

/** For a person, each with the setting that says so; empty where the accounts made here are all there is. */
export function adminSources({ldap, keystone, oidc}: Config['auth']): readonly string[] {
  const ofLdap = ldap.adminGroup === undefined ? 'adminBase' : 'adminGroup';
  const isLdap = ldap.urls.length > 0 && (ldap.adminGroup ?? ldap.adminBase) !== undefined;
  return [
    ...(isLdap ? [`the LDAP directory (auth.ldap.${ofLdap})`] : []),
    ...(keystone.url !== undefined && keystone.admins.length > 0
      ? ['Keystone (auth.keystone.admins)']
      : []),
    ...oidc.flatMap(({id, displayName = id, admins}, index) =>
      admins.length > 0 ? [`${displayName} (auth.oidc[${index}].admins)`] : [],
    ),
  ];
}
