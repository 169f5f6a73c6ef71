/** Users of an OpenStack Keystone, by their password or by an application credential. */
import {randomUUID} from 'node:crypto';
import {z} from 'zod';
import type {Log} from '../../observability/log.ts';
import {parseUserName} from '../../oci/user-name.ts';
import {isCheckable} from '../password-rules.ts';
import {isPossibleName} from '../possible-name.ts';
import type {Credentials, Identity, LoginResult, PasswordProvider} from '../ports.ts';
import {ProviderFault} from './provider-fault.ts';
import {type KeystoneAddress, KeystoneClient, type Session} from './keystone-client.ts';
import {teamRoles} from './team-roles.ts';

const id = 'keystone';

interface KeystoneOptions {
  readonly settings: KeystoneAddress;
  readonly log: Log;
  /** Is told of what somebody's roles are, as a sentence. */
  readonly onRoles?: (sentence: string) => void;
}

const projectsAnswer = z.object({
  projects: z.array(z.object({id: z.string(), name: z.string(), domain_id: z.string()})),
});
const userAnswer = z.object({user: z.object({enabled: z.boolean()})});
const usersAnswer = z.object({users: z.array(z.object({id: z.string()}))});

/** How somebody may be meant. */
interface Way {
  /** What Keystone is sent. */
  readonly auth: object;
  /** Whether it is he whom Keystone answers with. */
  readonly isMeant: (user: Session['token']['user']) => boolean;
}

/** The roles of somebody in one project. */
interface Standing {
  readonly project: {readonly id: string; readonly name: string; readonly domainId: string};
  readonly roles: ReadonlySet<string>;
}

export class KeystoneProvider implements PasswordProvider {
  readonly id = id;
  readonly displayName = 'Keystone';
  readonly trustFor = 15_000;
  readonly hidesNames = true;
  /** Only an account of Keystone's own may look others up. */
  readonly knows?: NonNullable<PasswordProvider['knows']>;
  readonly hasName?: NonNullable<PasswordProvider['hasName']>;
  readonly #settings: KeystoneAddress;
  readonly #client: KeystoneClient;
  readonly #onRoles: (sentence: string) => void;

  /** Throws a ConfigError where the CA file can't be read. */
  constructor({settings, log, onRoles = () => undefined}: KeystoneOptions) {
    this.#onRoles = onRoles;
    this.#settings = settings;
    this.#client = new KeystoneClient(settings, log);
    const {service} = settings;
    if (!service) return;
    const auth = applicationCredential(service);
    this.knows = async (subject, signal) => this.#knows(auth, subject, signal);
    this.hasName = async (username, signal) => this.#hasName(auth, username, signal);
  }

  /** The next provider is asked after an unknown user and after a wrong password. */
  async login({username, password}: Credentials, signal: AbortSignal): Promise<LoginResult> {
    signal.throwIfAborted();
    if (!isPossibleName(username) || !isCheckable(password)) return {outcome: 'not-accepted'};
    for (const {auth, isMeant} of this.#ways(username, password)) {
      const found = await this.#client.as(auth, signal, async (session) =>
        // Its database may take names for one that differ in spaces or accents: each would be one of its own to guess for.
        isMeant(session.token.user) ? this.#identity(session, signal) : Promise.resolve(undefined),
      );
      if (found) return {outcome: 'accepted', identity: found};
    }
    return {outcome: 'not-accepted'};
  }

  /** Asks for a name that nobody has: a failure counts for nobody there. What comes of it counts for nothing here. */
  async pretend(_credentials: Credentials, signal: AbortSignal): Promise<void> {
    const user = {name: randomUUID(), domain: {id: this.#settings.domain}, password: 'none'};
    const nothing = async (): Promise<void> => Promise.resolve();
    await this.#client.as(passwordOf(user), signal, nothing).catch(() => {
      signal.throwIfAborted();
    });
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#client.check(signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** `ID` of an application credential, `NAME/CREDENTIAL`, or a name with a password; the name may have its domain behind an @, or an @ of its own. */
  #ways(username: string, secret: string): readonly Way[] {
    if (/^[0-9a-f]{32}$/.test(username)) {
      return [{auth: applicationCredential({id: username, secret}), isMeant: () => true}];
    }
    const [whole, credential] = splitAt(username, '/');
    const [name, domain] = splitAt(whole, '@');
    const users = [
      ...(domain === undefined || domain === '' || name === ''
        ? []
        : [{name, domain: {name: domain}}]),
      {name: whole, domain: {id: this.#settings.domain}},
    ];
    return users.map((user) => ({
      isMeant: ({name: found, domain: of}) =>
        found === user.name && (!('name' in user.domain) || of.name === user.domain.name),
      auth:
        credential === undefined
          ? passwordOf({...user, password: secret})
          : applicationCredential({name: credential, secret, user}),
    }));
  }

  async #identity(session: Session, signal: AbortSignal): Promise<Identity> {
    const {teams, admins} = this.#settings;
    const standings =
      teams.length + admins.length === 0 ? [] : await this.#standings(session, signal);
    this.#onRoles(rolesTold(standings));
    const holds = (wanted: {project: string; domain?: string | undefined; role: string}): boolean =>
      standings.some(({project, roles}) => {
        if (!roles.has(wanted.role)) return false;
        if (project.id === wanted.project) return true;
        const domain = wanted.domain ?? this.#settings.domain;
        return project.name === wanted.project && project.domainId === domain;
      });
    return {
      provider: id,
      subject: session.token.user.id,
      // A password is asked about without a project.
      ...(session.token.project ? {isDelegated: true} : {}),
      username: this.#nameOf(session.token.user),
      ...(admins.length === 0 ? {} : {isAdmin: admins.some(holds)}),
      ...(teams.length === 0
        ? {}
        : {teams: teamRoles(teams.filter(holds).map(({team, as: role}) => ({team, role})))}),
    };
  }

  /**
   * `user1` of the default domain is user1. Whoever can't be called here as he is there has a part of his id in his name: User1, or
   * user1 of another domain, must not become user1.
   */
  #nameOf({id: userId, name, domain}: Session['token']['user']): string {
    const isOfDefault = domain.id === this.#settings.domain;
    if (isOfDefault && parseUserName(name) !== undefined) return name;
    const parts = isOfDefault ? [name] : [name, domain.name];
    return [...parts, userId.slice(0, 8)].join('-');
  }

  /** In the projects that the configuration names; an application credential has those of its own project alone. */
  async #standings({text, token}: Session, signal: AbortSignal): Promise<readonly Standing[]> {
    if (token.project) return [standingOf(token.project, token.roles)];
    const answer = await this.#client.ask('GET', '/auth/projects', signal, {token: text});
    const found = projectsAnswer.safeParse(answer.body);
    if (!found.success) throw this.#client.strange(answer);
    const {teams, admins} = this.#settings;
    const wanted = new Set([...teams, ...admins].map(({project}) => project));
    const standings: Standing[] = [];
    for (const project of found.data.projects) {
      if (!wanted.has(project.id) && !wanted.has(project.name)) continue;
      const identity = {methods: ['token'], token: {id: text}};
      const scope = {project: {id: project.id}};
      const standing = await this.#client.as({identity, scope}, signal, async (scoped) =>
        Promise.resolve(
          scoped.token.project && standingOf(scoped.token.project, scoped.token.roles),
        ),
      );
      if (standing) standings.push(standing);
    }
    return standings;
  }

  async #knows(auth: object, subject: string, signal: AbortSignal): Promise<boolean> {
    const path = `/users/${encodeURIComponent(subject)}`;
    return this.#lookUp(auth, signal, path, (status, body) => {
      if (status === 404) return false;
      return userAnswer.safeParse(body).data?.user.enabled;
    });
  }

  async #hasName(auth: object, username: string, signal: AbortSignal): Promise<boolean> {
    if (!isPossibleName(username)) return false;
    const query = new URLSearchParams({name: username, domain_id: this.#settings.domain});
    return this.#lookUp(auth, signal, `/users?${query.toString()}`, (_status, body) => {
      const found = usersAnswer.safeParse(body).data;
      return found && found.users.length > 0;
    });
  }

  /** `judge` answers undefined where Keystone has not said. */
  async #lookUp(
    auth: object,
    signal: AbortSignal,
    path: string,
    judge: (status: number, body: unknown) => boolean | undefined,
  ): Promise<boolean> {
    const found = await this.#client.as(auth, signal, async ({text}) => {
      const answer = await this.#client.ask('GET', path, signal, {token: text});
      const judged = judge(answer.status, answer.body);
      if (judged === undefined) throw this.#client.strange(answer);
      return judged;
    });
    if (found === undefined) {
      throw new ProviderFault({
        url: this.#settings.url,
        finding: 'auth.keystone.service is not accepted',
        advice: 'check its id and secret',
      });
    }
    return found;
  }
}

const applicationCredential = (credential: object): object => ({
  identity: {methods: ['application_credential'], application_credential: credential},
});

/** Without a word about it the answer is of the user's default project, where he has one. */
const passwordOf = (user: object): object => ({
  identity: {methods: ['password'], password: {user}},
  scope: 'unscoped',
});

function standingOf(
  {id: projectId, name, domain}: NonNullable<Session['token']['project']>,
  roles: Session['token']['roles'] = [],
): Standing {
  return {
    project: {id: projectId, name, domainId: domain.id},
    roles: new Set(roles.map((role) => role.name)),
  };
}

const rolesTold = (standings: readonly Standing[]): string =>
  standings.length === 0
    ? 'none in the projects of auth.keystone.admins and auth.keystone.teams'
    : standings
        .map(({project, roles}) => `${project.name}: ${[...roles].sort().join(', ')}`)
        .join('; ');

/** At the last one; without it the second part is undefined. */
function splitAt(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
