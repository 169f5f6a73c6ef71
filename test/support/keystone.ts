/** A real Keystone on SQLite, with its admin and the users that a test gives it. */
import {randomBytes, randomUUID} from 'node:crypto';
import {copyFile, mkdir, rename, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {type KeystoneSettings, keystoneSettings} from '../../src/config/keystone-schema.ts';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {freePort} from './ports.ts';
import {findProgram, type ProgramName} from './programs.ts';
import {secret} from './secrets.ts';
import {type Service, startService} from './service.ts';
import {memoryDirectory} from './temporary-directory.ts';

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
  const {at, file} = await placeWithKeys(life);
  await copyFile(await bootstrapped(life), at('keystone.db'));
  const port = await freePort(life);
  const url = `http://127.0.0.1:${port}/v3`;
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

/** A directory with its configuration and its keys. */
async function placeWithKeys(life: Lifetime) {
  const directory = await memoryDirectory(life);
  const at = (name: string): string => join(directory, name);
  const file = at('keystone.conf');
  await writeFile(file, configOf(directory));
  for (const keys of ['fernet', 'credential']) {
    await mkdir(at(keys));
    for (const name of ['0', '1']) {
      const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
      await writeFile(join(at(keys), name), key, {mode: 0o600});
    }
  }
  return {at, file};
}

/** With its cache, as a cloud has it: without, each request asks the database a hundred times, and takes a third of a second. */
const configOf = (directory: string): string => `
[DEFAULT]
log_file = ${join(directory, 'keystone.log')}
[database]
connection = sqlite:///${join(directory, 'keystone.db')}
[fernet_tokens]
key_repository = ${join(directory, 'fernet')}
[fernet_receipts]
key_repository = ${join(directory, 'fernet')}
[credential]
key_repository = ${join(directory, 'credential')}
[token]
provider = fernet
[identity]
password_hash_algorithm = bcrypt
password_hash_rounds = 4
[cache]
enabled = true
backend = dogpile.cache.memory
`;

/** A database with the admin in it: to make one takes seconds, so it is kept for the next tests, until Keystone is another. */
async function bootstrapped(life: Lifetime): Promise<string> {
  const {mtimeMs, size} = await stat(findProgram('keystone-manage') ?? '');
  const cache = fileURLToPath(new URL('../../node_modules/.cache/holdfast/', import.meta.url));
  const kept = join(cache, `keystone-${mtimeMs}-${size}.db`);
  if (await isThere(kept)) return kept;
  const {at, file} = await placeWithKeys(life);
  const manage = async (...words: readonly string[]): Promise<void> => {
    await run('keystone-manage', ['--config-file', file, ...words]);
  };
  await manage('db_sync');
  await manage(
    'bootstrap',
    ...['--bootstrap-password', secret(adminPassword)],
    ...['--bootstrap-username', 'admin', '--bootstrap-project-name', 'admin'],
    ...['--bootstrap-role-name', 'admin', '--bootstrap-service-name', 'keystone'],
    ...['--bootstrap-region-id', 'RegionOne', '--bootstrap-public-url', 'http://127.0.0.1:1/v3'],
  );
  // Else whoever has read last keeps the next from writing.
  const database = new Database(at('keystone.db'));
  database.pragma('journal_mode = WAL');
  database.close();
  await mkdir(cache, {recursive: true});
  const made = `${kept}.${randomUUID()}`;
  await copyFile(at('keystone.db'), made);
  await rename(made, kept);
  return kept;
}

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Its server takes five connections that wait, and refuses the next. */
async function patiently(url: string, request: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetch(url, request);
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(100);
    }
  }
}

async function obtainToken(url: string, user: object, project: object): Promise<string> {
  const identity = {methods: ['password'], password: {user}};
  const response = await patiently(`${url}/auth/tokens`, {
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
  const response = await patiently(`${url}${path}`, {
    method,
    headers: {'X-Auth-Token': token, 'Content-Type': 'application/json'},
    ...(body ? {body: JSON.stringify(body)} : {}),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${method} ${path}: Keystone answers ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
