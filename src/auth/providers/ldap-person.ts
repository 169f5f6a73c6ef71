/** Somebody's entry in a directory, and the groups that he is in. */
import {type Entry, InvalidDNSyntaxError, NoSuchObjectError, escapeFilter} from 'ldapts';
import type {LdapSettings} from '../../config/ldap-schema.ts';
import type {LdapConnection} from './ldap-connection.ts';

export interface LdapPerson {
  readonly dn: string;
  /** What never changes of it. */
  readonly subject: string;
  /** As the directory writes it. */
  readonly name: string;
  readonly displayName?: string;
  readonly email?: string;
  /** Found below `adminBase`. */
  readonly isBelowAdminBase: boolean;
}

export interface LdapGroup {
  readonly dn: string;
  readonly name: string;
}

/** Which entries have the name; more than one is a fault of the directory, or of the filter. */
export interface Found {
  readonly people: readonly LdapPerson[];
  /** Entries without the attribute that never changes: nobody can be recognised by them. */
  readonly withoutSubject: readonly string[];
}

/** Groups of one person; who is in more is in none beyond. */
const mostGroups = 1000;

/**
 * `name` is compared as it is, whatever the directory thinks of capitals and spaces: each spelling would be a name of its own to guess for.
 * Unless `isMeant` says otherwise.
 */
export async function findPeople(
  connection: LdapConnection,
  settings: LdapSettings,
  name: string,
  isMeant = (found: string): boolean => found === name,
): Promise<Found> {
  const {base, adminBase, uid, filter = ''} = settings;
  const byName = `(&(${uid}=${escapeFilter`${name}`})${filter})`;
  return search(connection, settings, {
    bases: adminBase === undefined ? [base] : [adminBase, base],
    filter: byName,
    isWanted: (entry) => textsOf(entry, uid).some(isMeant),
  });
}

/** The entry that an account was made from, whatever its name is today. */
export async function findBySubject(
  connection: LdapConnection,
  settings: LdapSettings,
  subject: string,
): Promise<Found> {
  const {base, adminBase, subject: attribute, filter = ''} = settings;
  const value = binaries.has(attribute.toLowerCase())
    ? escapeFilter`${Buffer.from(subject, 'hex')}`
    : escapeFilter`${subject}`;
  return search(connection, settings, {
    bases: adminBase === undefined ? [base] : [adminBase, base],
    filter: `(&(${attribute}=${value})${filter})`,
    isWanted: () => true,
  });
}

async function search(
  connection: LdapConnection,
  settings: LdapSettings,
  {
    bases,
    filter,
    isWanted,
  }: {
    readonly bases: readonly string[];
    readonly filter: string;
    readonly isWanted: (entry: Entry) => boolean;
  },
): Promise<Found> {
  const {uid, subject, email, displayName} = settings;
  const people = new Map<string, LdapPerson>();
  const withoutSubject: string[] = [];
  for (const base of bases) {
    const {searchEntries} = await connection.run('search', async (client) =>
      client.search(base, {
        scope: 'sub',
        filter,
        attributes: [uid, subject, email, displayName, 'cn'],
        explicitBufferAttributes: binaries.has(subject.toLowerCase()) ? [subject] : [],
        // Two are too many already.
        sizeLimit: 10,
      }),
    );
    for (const entry of searchEntries.filter(isWanted)) {
      const person = personOf(entry, settings);
      if (!person) withoutSubject.push(entry.dn);
      else if (!people.has(entry.dn)) people.set(entry.dn, person);
    }
    if (people.size > 0) break;
  }
  return {people: [...people.values()], withoutSubject};
}

function personOf(entry: Entry, settings: LdapSettings): LdapPerson | undefined {
  const {uid, adminBase} = settings;
  const [name] = textsOf(entry, uid);
  const subject = subjectOf(entry, settings);
  if (subject === undefined || name === undefined) return undefined;
  const [displayName] = [...textsOf(entry, settings.displayName), ...textsOf(entry, 'cn')];
  const email = textsOf(entry, settings.email)[0] ?? guessedEmail(name, entry.dn, settings);
  return {
    dn: entry.dn,
    subject,
    name,
    ...(displayName === undefined ? {} : {displayName}),
    ...(email === undefined ? {} : {email}),
    isBelowAdminBase: adminBase !== undefined && liesBelow(entry.dn, adminBase),
  };
}

/** Attributes that hold bytes and no text. */
const binaries = new Set(['objectguid', 'objectsid', 'guid']);

function subjectOf(entry: Entry, {subject}: LdapSettings): string | undefined {
  const [value] = valuesOf(entry, subject);
  if (value === undefined) return undefined;
  const text = Buffer.isBuffer(value) ? value.toString('hex') : value;
  return text === '' ? undefined : text;
}

function guessedEmail(name: string, dn: string, {guessEmail}: LdapSettings): string | undefined {
  const parts = [...dn.matchAll(/(?:^|,)\s*dc\s*=\s*([^,\\+]+)/gi)].map(([, part = '']) =>
    part.trim(),
  );
  return guessEmail && parts.length > 0 ? `${name}@${parts.join('.')}` : undefined;
}

/** Sorted by name. */
export async function findGroups(
  connection: LdapConnection,
  settings: LdapSettings,
  {dn, name}: Pick<LdapPerson, 'dn' | 'name'>,
): Promise<readonly LdapGroup[]> {
  const {groups, base} = settings;
  const filter = groups.filter
    .replaceAll('{dn}', () => escapeFilter`${dn}`)
    .replaceAll('{name}', () => escapeFilter`${name}`);
  const {searchEntries} = await connection.run('groups', async (client) =>
    client.search(groups.base ?? base, {
      scope: 'sub',
      filter,
      attributes: [groups.name],
      sizeLimit: mostGroups,
    }),
  );
  return searchEntries
    .flatMap((entry) => textsOf(entry, groups.name).map((each) => ({dn: entry.dn, name: each})))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** As `isGroup` means it. */
export async function isGroupThere(
  connection: LdapConnection,
  {groups, base}: LdapSettings,
  wanted: string,
): Promise<boolean> {
  const isDn = wanted.includes('=');
  try {
    const {searchEntries} = await connection.run(
      'groups',
      async (client) =>
        client.search(isDn ? wanted : (groups.base ?? base), {
          scope: isDn ? 'base' : 'sub',
          filter: isDn ? '(objectClass=*)' : `(${groups.name}=${escapeFilter`${wanted}`})`,
          attributes: [groups.name],
          sizeLimit: 10,
        }),
      (error) =>
        isDn && (error instanceof NoSuchObjectError || error instanceof InvalidDNSyntaxError),
    );
    return searchEntries.length > 0;
  } catch (error) {
    if (error instanceof NoSuchObjectError || error instanceof InvalidDNSyntaxError) return false;
    throw error;
  }
}

/** By its name, or by its DN. */
export const isGroup = ({dn, name}: LdapGroup, wanted: string): boolean =>
  wanted.includes('=')
    ? normal(dn) === normal(wanted)
    : name.toLowerCase() === wanted.toLowerCase();

const normal = (dn: string): string => dn.toLowerCase().replaceAll(/\s*([,=+])\s*/g, '$1');

const liesBelow = (dn: string, base: string): boolean => {
  const [own, above] = [normal(dn), normal(base)];
  return own === above || own.endsWith(`,${above}`);
};

/** Names of attributes have no case. */
function valuesOf(entry: Entry, attribute: string): readonly (Buffer | string)[] {
  const key = Object.keys(entry).find((each) => each.toLowerCase() === attribute.toLowerCase());
  return key === undefined || key === 'dn' ? [] : [entry[key] ?? []].flat();
}

const textsOf = (entry: Entry, attribute: string): readonly string[] =>
  valuesOf(entry, attribute).map((value) => (Buffer.isBuffer(value) ? value.toString() : value));
