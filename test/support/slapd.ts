/** A real directory: OpenLDAP's slapd, with a few people to begin with or none. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Attribute, Change, Client} from 'ldapts';
import {type LdapSettings, ldapSettings} from '../../src/config/ldap-schema.ts';
import {makeServerCertificate} from './certificate.ts';
import type {Lifetime} from './lifetime.ts';
import {freePort} from './ports.ts';
import {secret} from './secrets.ts';
import {type Service, startService} from './service.ts';
import {memoryDirectory} from './temporary-directory.ts';

export const base = 'dc=ex,dc=org';
const admin = {dn: `cn=admin,${base}`, password: 'the password of the directory'};

export interface Person {
  readonly password?: string;
  readonly mail?: string;
  /** Below `ou=people` unless given. */
  readonly unit?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Slapd {
  readonly url: string;
  readonly secureUrl: string;
  readonly port: number;
  readonly caFile: string;
  /** What Holdfast needs to know, with StartTLS and a bound search; more may be said. */
  settings(more?: Readonly<Record<string, unknown>>): LdapSettings;
  /** Below which people may be put; the DN. */
  addUnit(name: string): Promise<string>;
  /** The DN. */
  addPerson(name: string, person?: Person): Promise<string>;
  addGroup(name: string, members: readonly string[]): Promise<string>;
  setMembers(group: string, members: readonly string[]): Promise<void>;
  setPassword(dn: string, password: string): Promise<void>;
  rename(dn: string, newDn: string): Promise<void>;
  remove(dn: string): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface SlapdOptions {
  /** Whether whoever has not logged in may search. */
  readonly anonymous?: boolean;
  /** The names in its certificate. */
  readonly names?: readonly string[];
  /** Without a certificate it speaks no TLS. */
  readonly tls?: boolean;
}

export async function startSlapd(
  life: Lifetime,
  {anonymous = false, names, tls = true}: SlapdOptions = {},
): Promise<Slapd> {
  const directory = await memoryDirectory(life);
  const at = (name: string): string => join(directory, name);
  const {caFile, certificateFile, keyFile} = await makeServerCertificate(directory, names);
  await mkdir(at('db'));
  const config = `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${at('slapd.pid')}
${tls ? `TLSCertificateFile ${certificateFile}\nTLSCertificateKeyFile ${keyFile}` : ''}
database mdb
suffix "${base}"
rootdn "${admin.dn}"
rootpw "${admin.password}"
directory ${at('db')}
dbnosync
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by ${anonymous ? '* read' : 'users read by * none'}
`;
  await writeFile(at('slapd.conf'), config, {mode: 0o600});
  const [port, securePort] = [await freePort(life), await freePort(life)];
  const url = `ldap://127.0.0.1:${port}`;
  const secureUrl = `ldaps://127.0.0.1:${securePort}`;
  const addresses = tls ? `${url} ${secureUrl}` : url;
  let service: Service | undefined;
  const start = async (): Promise<void> => {
    // -d keeps it in the foreground.
    const words = ['-f', at('slapd.conf'), '-h', addresses, '-d', '0'];
    service = await startService(life, 'slapd', words, {ready: async () => isUp(url)});
  };
  await start();

  const asAdmin = async (work: (client: Client) => Promise<void>): Promise<void> => {
    const client = new Client({url, strictDN: false});
    try {
      await client.bind(admin.dn, admin.password);
      await work(client);
    } finally {
      await client.unbind();
    }
  };
  const replace = (type: string, values: string[]): Change =>
    new Change({operation: 'replace', modification: new Attribute({type, values})});
  await asAdmin(async (client) => {
    await client.add(base, {objectClass: ['dcObject', 'organization'], o: 'Example', dc: 'ex'});
    for (const ou of ['people', 'groups', 'admins']) {
      await client.add(`ou=${ou},${base}`, {objectClass: 'organizationalUnit', ou});
    }
  });
  secret(admin.password);
  return {
    url,
    secureUrl,
    port,
    caFile,
    settings: (more = {}) =>
      ldapSettings.parse({
        urls: [url],
        caFile,
        base: `ou=people,${base}`,
        bindDn: admin.dn,
        bindPassword: admin.password,
        groups: {base: `ou=groups,${base}`},
        ...more,
      }),
    addUnit: async (ou) => {
      const dn = `ou=${ou},${base}`;
      await asAdmin(async (client) => client.add(dn, {objectClass: 'organizationalUnit', ou}));
      return dn;
    },
    addPerson: async (name, {password, mail, unit = 'people', attributes = {}} = {}) => {
      const dn = `uid=${escaped(name)},ou=${unit},${base}`;
      await asAdmin(async (client) =>
        client.add(dn, {
          objectClass: 'inetOrgPerson',
          uid: name,
          cn: `${name} of Example`,
          sn: name,
          ...(password === undefined ? {} : {userPassword: secret(password)}),
          ...(mail === undefined ? {} : {mail}),
          ...attributes,
        }),
      );
      return dn;
    },
    addGroup: async (name, members) => {
      const dn = `cn=${escaped(name)},ou=groups,${base}`;
      await asAdmin(async (client) =>
        client.add(dn, {objectClass: 'groupOfNames', cn: name, member: [admin.dn, ...members]}),
      );
      return dn;
    },
    setMembers: async (group, members) =>
      asAdmin(async (client) => client.modify(group, replace('member', [admin.dn, ...members]))),
    setPassword: async (dn, password) =>
      asAdmin(async (client) => client.modify(dn, replace('userPassword', [secret(password)]))),
    rename: async (dn, newDn) => asAdmin(async (client) => client.modifyDN(dn, newDn)),
    remove: async (dn) => asAdmin(async (client) => client.del(dn)),
    stop: async () => service?.stop(),
    start,
  };
}

async function isUp(url: string): Promise<boolean> {
  const client = new Client({url, timeout: 2000, connectTimeout: 2000});
  try {
    await client.search('', {scope: 'base'});
    return true;
  } catch {
    return false;
  } finally {
    await client.unbind().catch(() => undefined);
  }
}

/** A value within a DN. */
const escaped = (value: string): string =>
  value
    .replaceAll(/[\\,+"<>;=#]/g, (each) => `\\${each}`)
    .replace(/^ | $/g, '\\ ')
    .replaceAll('\0', '\\00');
