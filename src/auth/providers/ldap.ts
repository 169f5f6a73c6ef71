/** People of an LDAP directory: searched by name, then asked for with their own password. */
import {ResultCodeError} from 'ldapts';
import type {LdapSettings} from '../../config/ldap-schema.ts';
import type {Role} from '../../metadata/words.ts';
import type {Log} from '../../observability/log.ts';
import {nearestUserName} from '../../oci/user-name.ts';
import {isCheckable} from '../password-rules.ts';
import {isPossibleName} from '../possible-name.ts';
import type {Credentials, Identity, LoginResult, PasswordProvider} from '../ports.ts';
import {readCaFile} from '../../tls/ca-file.ts';
import {DirectoryFault, DirectoryUnavailable} from './directory-fault.ts';
import {LdapConnection, type Trace} from './ldap-connection.ts';
import {
  findBySubject,
  findGroups,
  findPeople,
  type Found,
  isGroup,
  isGroupThere,
  type LdapGroup,
  type LdapPerson,
} from './ldap-person.ts';
import {isRefusal, whyRefused} from './ldap-refusal.ts';
import {teamRoles} from './team-roles.ts';

const id = 'ldap';

interface LdapOptions {
  readonly settings: LdapSettings;
  readonly log: Log;
}

type Wrong = Exclude<LoginResult, {outcome: 'accepted'}>;

export class LdapProvider implements PasswordProvider {
  readonly id = id;
  readonly displayName = 'LDAP';
  readonly trustFor = 15_000;
  readonly #settings: LdapSettings;
  readonly #log: Log;
  readonly #ca: string | undefined;
  /** By the name of the group, which has no case. */
  readonly #roles: ReadonlyMap<string, Role>;
  /** Of the URLs, the one that answered last. */
  #first = 0;

  /** Throws a ConfigError where the CA file can't be read. */
  constructor({settings, log}: LdapOptions) {
    this.#settings = settings;
    this.#log = log;
    const roles = Object.entries(settings.groups.roles);
    this.#roles = new Map(roles.map(([group, role]) => [group.toLowerCase(), role]));
    this.#ca = readCaFile('auth.ldap.caFile', settings.caFile);
  }

  /** Rejects with DirectoryUnavailable. */
  async login(credentials: Credentials, signal: AbortSignal): Promise<LoginResult> {
    return this.trace(credentials, signal, () => undefined);
  }

  /** `login`, telling each step. */
  async trace(
    {username, password}: Credentials,
    signal: AbortSignal,
    trace: Trace,
  ): Promise<LoginResult> {
    if (!isPossibleName(username)) return {outcome: 'not-accepted'};
    return this.#connected(signal, trace, async (connection) => {
      const found = await findPeople(connection, this.#settings, username);
      const person = this.#onlyOne(found, username, trace);
      if ('outcome' in person) return person;
      trace('search', person.dn);
      if (
        !isCheckable(password) ||
        !(await this.#isPassword(connection, person, password, trace))
      ) {
        return {outcome: 'rejected', reason: 'bad-credentials'};
      }
      trace('user bind', `the password of ${person.name} is right`);
      const groups = await this.#groupsOf(connection, person);
      const told = groups.map(({name}) => name).join(', ');
      trace('groups', groups.length === 0 ? 'none' : told);
      return {outcome: 'accepted', identity: this.#identity(person, groups)};
    });
  }

  /** Whether the account's entry is there still, whatever it is called. */
  async knows(subject: string, signal: AbortSignal): Promise<boolean> {
    return this.#connected(
      signal,
      () => undefined,
      async (connection) => {
        const {people} = await findBySubject(connection, this.#settings, subject);
        return people.length > 0;
      },
    );
  }

  /** Whether the account of somebody there has the name, or would have it: that of JDoe is jdoe. */
  async hasName(username: string, signal: AbortSignal): Promise<boolean> {
    if (!isPossibleName(username)) return false;
    return this.#connected(
      signal,
      () => undefined,
      async (connection) => {
        const isMeant = (found: string): boolean => nearestUserName(found) === username;
        const {people} = await findPeople(connection, this.#settings, username, isMeant);
        return people.length > 0;
      },
    );
  }

  /** Whether there is a group of that name, or that DN. Rejects with DirectoryUnavailable. */
  async hasGroup(group: string, signal: AbortSignal): Promise<boolean> {
    return this.#connected(
      signal,
      () => undefined,
      async (connection) => isGroupThere(connection, this.#settings, group),
    );
  }

  /** Searches as for a name that nobody has; what comes of it counts for nothing. */
  async pretend({username}: Credentials, signal: AbortSignal): Promise<void> {
    await this.hasName(username, signal).catch(() => {
      signal.throwIfAborted();
    });
  }

  /** Connects, and binds. */
  async check(signal: AbortSignal): Promise<void> {
    await this.probe(signal, () => undefined);
  }

  /** `check`, telling each step. Rejects with DirectoryUnavailable. */
  async probe(signal: AbortSignal, trace: Trace): Promise<void> {
    await this.#connected(signal, trace, async () => Promise.resolve());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** With the first host that answers, beginning with that which did last. */
  async #connected<T>(
    signal: AbortSignal,
    trace: Trace,
    work: (connection: LdapConnection) => Promise<T>,
  ): Promise<T> {
    const settings = this.#settings;
    const faults: DirectoryFault[] = [];
    const {length} = settings.urls;
    for (let attempt = 0; attempt < length; attempt += 1) {
      const at = (this.#first + attempt) % length;
      const url = settings.urls[at] ?? '';
      try {
        await using connection = await LdapConnection.open({
          url,
          settings,
          ca: this.#ca,
          signal,
          trace,
        });
        const result = await work(connection);
        if (at !== this.#first) this.#log.warn({url}, 'another host of the directory is asked now');
        this.#first = at;
        return result;
      } catch (error) {
        if (!(error instanceof DirectoryFault)) throw error;
        faults.push(error);
      }
    }
    throw new DirectoryUnavailable(faults);
  }

  #onlyOne({people, withoutSubject}: Found, username: string, trace: Trace): LdapPerson | Wrong {
    const [person, other] = people;
    const {uid, subject} = this.#settings;
    if (other) {
      const entries = people.map(({dn}) => dn);
      const which = `several entries have the ${uid} ${JSON.stringify(username)}: ${entries.join('; ')}`;
      trace('search', which, 'make auth.ldap.base or auth.ldap.filter narrower');
      this.#log.error({username, entries}, `more than one entry of the directory has this ${uid}`);
      return {outcome: 'rejected', reason: 'bad-credentials'};
    }
    if (person) return person;
    const [nameless] = withoutSubject;
    if (nameless !== undefined) {
      const advice = 'set auth.ldap.subject to an attribute that never changes';
      trace('search', nameless);
      trace('subject', `the entry has no ${subject}`, advice);
      this.#log.error(
        {username, entries: withoutSubject},
        `the entry has no ${subject}: ${advice}`,
      );
    }
    return {outcome: 'not-accepted'};
  }

  async #isPassword(
    connection: LdapConnection,
    {dn, name}: LdapPerson,
    password: string,
    trace: Trace,
  ): Promise<boolean> {
    try {
      await connection.run('user bind', async (client) => client.bind(dn, password), isRefusal);
      return true;
    } catch (error) {
      if (!(error instanceof ResultCodeError)) throw error;
      const why = whyRefused(error);
      if (why !== undefined) {
        this.#log.info({username: name, reason: why}, 'the directory refuses');
        trace('user bind', why, 'look at the account in the directory: the password may be right');
      }
      return false;
    }
  }

  async #groupsOf(connection: LdapConnection, person: LdapPerson): Promise<readonly LdapGroup[]> {
    const {groups, adminGroup, bindDn} = this.#settings;
    if (!groups.sync && adminGroup === undefined) return [];
    // As who searches again: people need not see the groups that they are in.
    if (bindDn !== undefined) {
      await connection.bindForSearch();
      return findGroups(connection, this.#settings, person);
    }
    await using anonymous = await connection.another();
    return await findGroups(anonymous, this.#settings, person);
  }

  #identity(person: LdapPerson, found: readonly LdapGroup[]): Identity {
    const {groups, adminGroup, adminBase} = this.#settings;
    const {subject, name, displayName, email, isBelowAdminBase} = person;
    const isAdmin =
      isBelowAdminBase ||
      (adminGroup !== undefined && found.some((group) => isGroup(group, adminGroup)));
    return {
      provider: id,
      subject,
      username: name,
      ...(displayName === undefined ? {} : {displayName}),
      ...(email === undefined ? {} : {email}),
      ...(adminGroup === undefined && adminBase === undefined ? {} : {isAdmin}),
      ...(groups.sync
        ? {
            teams: teamRoles(
              found.map(({name: team}) => ({
                team,
                role: this.#roles.get(team.toLowerCase()) ?? groups.role,
              })),
            ),
          }
        : {}),
    };
  }
}
