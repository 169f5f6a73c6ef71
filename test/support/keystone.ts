/** A real Keystone on SQLite, with its admin and the users that a test gives it. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {type KeystoneSettings, keystoneSettings} from '../../src/config/keystone-schema.ts';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {freePort} from './ports.ts';
import type {ProgramName} from './programs.ts';
import {secret} from './secrets.ts';
import {type Service, startService} from './service.ts';
import {temporaryDirectory} from './temporary-directory.ts';

export const keystonePrograms: readonly ProgramName[] = ['keystone-manage', 'keystone-wsgi-public'];

export interface Keystone {
  /** Ends with /v3. */
  readonly url: string;
  readonly port: number;
  readonly admin: {readonly name: 'admin'; readonly password: string};
  /** What Holdfast needs to know; more may be said. */
  settings(more?: Readonly<Record<string, unknown>>): KeystoneSettings & {readonly url: string};
  /** The id. */
  addDomain(name: string): Promise<string>;
  addProject(name: string): Promise<string>;
  /** In the default domain unless given. */
  addUser(
    name: string,
    user: {readonly password: string; readonly domain?: string},
  ): Promise<string>;
  updateUser(id: string, change: Readonly<Record<string, unknown>>): Promise<void>;
  removeUser(id: string): Promise<void>;
  /** By the name of the role; the token needs no such role to begin with. */
  grant(user: string, project: string, role: string): Promise<void>;
  revoke(user: string, project: string, role: string): Promise<void>;
  /** Of a user in a project. */
  addApplicationCredential(
    user: {readonly name: string; readonly id: string; readonly password: string},
    name: string,
    project: string,
  ): Promise<{readonly id: string; readonly secret: string}>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const adminPassword = 'the password of the cloud';

export async function startKeystone(life: Lifetime): Promise<Keystone> {
  const directory = await temporaryDirectory(life);
  const at = (name: string): string => join(directory, name);
  await mkdir(at('fernet'));
  await mkdir(at('credential'));
  const file = at('keystone.conf');
  await writeFile(
    file,
    `
[DEFAULT]
log_file = ${at('keystone.log')}
[database]
connection = sqlite:///${at('keystone.db')}
[fernet_tokens]
key_repository = ${at('fernet')}
[fernet_receipts]
key_repository = ${at('fernet')}
[credential]
key_repository = ${at('credential')}
[token]
provider = fernet
[identity]
password_hash_algorithm = bcrypt
password_hash_rounds = 4
[cache]
enabled = false
`,
  );
  const port = await freePort(life);
  const url = `http://127.0.0.1:${port}/v3`;
  const manage = async (...words: readonly string[]): Promise<void> => {
    await run('keystone-manage', ['--config-file', file, ...words]);
  };
  const keepers = ['--keystone-user', 'root', '--keystone-group', 'root'];
  await manage('db_sync');
  // Else whoever has read last keeps the next from writing.
  const database = new Database(at('keystone.db'));
  database.pragma('journal_mode = WAL');
  database.close();
  await manage('fernet_setup', ...keepers);
  await manage('credential_setup', ...keepers);
  await manage(
    'bootstrap',
    ...['--bootstrap-password', secret(adminPassword)],
    ...['--bootstrap-username', 'admin', '--bootstrap-project-name', 'admin'],
    ...['--bootstrap-role-name', 'admin', '--bootstrap-service-name', 'keystone'],
    ...['--bootstrap-region-id', 'RegionOne', '--bootstrap-public-url', url],
  );
  let service: Service | undefined;
  const start = async (): Promise<void> => {
    const words = ['-b', '127.0.0.1', '-p', String(port), '--', '--config-file', file];
    service = await startService(life, 'keystone-wsgi-public', words, {
      ready: async () =>
        fetch(url).then(
          ({ok}) => ok,
          () => false,
        ),
      timeout: 120_000,
    });
  };
  await start();

  const tokens = new Map<string, Promise<string>>();
  const tokenOf = async (user: object, project: object): Promise<string> => {
    const key = JSON.stringify([user, project]);
    const token = tokens.get(key) ?? obtainToken(url, user, project);
    tokens.set(key, token);
    return token;
  };
  const defaultDomain = {id: 'default'};
  const asAdmin = async (method: string, path: string, body?: object): Promise<unknown> => {
    const user = {name: 'admin', password: adminPassword, domain: defaultDomain};
    const token = await tokenOf(user, {name: 'admin', domain: defaultDomain});
    return ask(url, {method, path, token, ...(body ? {body} : {})});
  };
  const made = async (path: string, kind: string, body: object): Promise<string> => {
    const answer = await asAdmin('POST', path, {[kind]: body});
    return (answer as Record<string, {id: string}>)[kind]?.id ?? '';
  };
  const roleId = async (name: string): Promise<string> => {
    const query = new URLSearchParams({name}).toString();
    const {roles} = (await asAdmin('GET', `/roles?${query}`)) as {roles: readonly {id: string}[]};
    return roles[0]?.id ?? (await made('/roles', 'role', {name}));
  };
  const assignment = async (user: string, project: string, role: string): Promise<string> =>
    `/projects/${project}/users/${user}/roles/${await roleId(role)}`;
  return {
    url,
    port,
    admin: {name: 'admin', password: adminPassword},
    settings: (more = {}) => {
      const settings = keystoneSettings.parse({url, ...more});
      return {...settings, url: settings.url ?? url};
    },
    addDomain: async (name) => made('/domains', 'domain', {name}),
    addProject: async (name) => made('/projects', 'project', {name, domain_id: 'default'}),
    addUser: async (name, {password, domain = 'default'}) =>
      made('/users', 'user', {name, password: secret(password), domain_id: domain}),
    updateUser: async (id, change) => {
      await asAdmin('PATCH', `/users/${id}`, {user: change});
    },
    removeUser: async (id) => {
      await asAdmin('DELETE', `/users/${id}`);
    },
    grant: async (user, project, role) => {
      await asAdmin('PUT', await assignment(user, project, role));
    },
    revoke: async (user, project, role) => {
      await asAdmin('DELETE', await assignment(user, project, role));
    },
    addApplicationCredential: async ({id, password}, name, project) => {
      const token = await obtainToken(url, {id, password}, {id: project});
      const answer = await ask(url, {
        method: 'POST',
        path: `/users/${id}/application_credentials`,
        token,
        body: {application_credential: {name}},
      });
      const {application_credential: credential} = answer as {
        application_credential: {id: string; secret: string};
      };
      secret(credential.secret);
      return credential;
    },
    stop: async () => service?.stop(),
    start,
  };
}

async function obtainToken(url: string, user: object, project: object): Promise<string> {
  const identity = {methods: ['password'], password: {user}};
  const response = await fetch(`${url}/auth/tokens`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({auth: {identity, scope: {project}}}),
  });
  const token = response.headers.get('x-subject-token');
  if (token === null)
    throw new Error(`Keystone answers ${response.status}: ${await response.text()}`);
  return token;
}

async function ask(
  url: string,
  {
    method,
    path,
    token,
    body,
  }: {
    readonly method: string;
    readonly path: string;
    readonly token: string;
    readonly body?: object;
  },
): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {'X-Auth-Token': token, 'Content-Type': 'application/json'},
    ...(body ? {body: JSON.stringify(body)} : {}),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${method} ${path}: Keystone answers ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
