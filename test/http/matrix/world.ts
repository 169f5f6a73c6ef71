/** The people of the matrix, what they may, and what they ask for: made by one server, and served by another with the settings in question. */
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {setEnabled} from '../../../src/metadata/accounts.ts';
import {basic, passwordOf, startWithAccounts, type WithAccounts} from '../../support/accounts.ts';
import {type InProcess, type Settings, startInProcess} from '../../support/in-process.ts';
import {until} from '../../support/raw-request.ts';
import {makeObjects} from './api-objects.ts';
import {type Caller, callers, type Visibility, visibilities, type Way, ways} from './callers.ts';
import {type Prepared, prepare} from './content.ts';
import {type Route, routesOf} from './routes.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What is kept from before the server was started anew. */
interface Kept {
  /** A token with all that was granted then. */
  readonly token: string;
  readonly refreshToken: string | undefined;
}

/** Of the token realm. */
interface Answer {
  readonly token: string;
  /** Only where somebody has logged in. */
  readonly refresh_token?: string;
}

export interface World {
  readonly url: string;
  readonly server: InProcess;
  readonly db: WithAccounts['db'];
  readonly routes: readonly Route[];
  readonly logins: ReadonlyMap<Caller, Login>;
  readonly kept: ReadonlyMap<Caller, Kept>;
  /** The cookie of a browser in which somebody has just signed in who is an owner, too. */
  signIn(): Promise<string>;
  /** Those got by now, by caller and scope. */
  readonly tokens: Map<string, Promise<string | undefined>>;
  repository(visibility: Visibility, caller: Caller, way: Way): Prepared;
  /** All that a request might change: of the storage, and of who may what. */
  state(): Promise<readonly string[]>;
}

const nameOf = (visibility: Visibility, caller: Caller, way: Way): string =>
  `${visibility}/${caller}-${way.toLowerCase()}`;

/** With repositories in these namespaces alone. */
export async function openWorld(
  t: ExecutionContext,
  settings: Settings = {},
  wanted: readonly Visibility[] = visibilities,
): Promise<World> {
  const first = await startWithAccounts(t);
  const logins = await makePeople(first);
  const repositories = await prepareAll(first, wanted);
  const kept = new Map(
    await Promise.all(
      callers.map(async (caller) => [caller, await keep(first, caller, logins)] as const),
    ),
  );
  await setEnabled(first.db, {
    id: await idOf(first, 'disabled'),
    isEnabled: false,
    now: Date.now(),
  });
  await first.stop();

  const {dataDir, db} = first;
  const auth = {...settings.auth, mode: 'accounts'} as const;
  const server = await startInProcess(t, {...settings, dataDir, auth});
  // Counted while nothing else goes on: among a thousand requests they would take longer than anybody waits.
  await until(async () => {
    const {status} = await fetch(`${server.url}/api/v1/statistics/storage`, {
      headers: {Authorization: basic('admin')},
    });
    return status !== 503;
  });
  return {
    url: server.url,
    server,
    db,
    routes: routesOf(server),
    logins,
    kept,
    signIn: async () => signIn(server),
    tokens: new Map(),
    repository: (visibility, caller, way) => {
      const repository = repositories.get(nameOf(visibility, caller, way));
      if (!repository) throw new Error('it was not prepared');
      return repository;
    },
    state: async () => [...(await filesOf(server)), ...(await rowsOf(db))],
  };
}

async function makePeople(holdfast: WithAccounts): Promise<ReadonlyMap<Caller, Login>> {
  await holdfast.person('admin', {admin: 'yes'});
  for (const name of ['stranger', 'viewer', 'contributor', 'owner', 'disabled', 'foreign']) {
    await holdfast.person(name);
  }
  await holdfast.team('team', {
    owner: 'owner',
    disabled: 'owner',
    foreign: 'owner',
    contributor: 'contributor',
    viewer: 'viewer',
  });
  for (const visibility of visibilities) await holdfast.namespace(visibility, 'team', visibility);
  const robot = await holdfast.robot('robot', 'team', 'contributor');
  await makeObjects(holdfast);
  const reader = await holdfast.applicationToken('owner', {isPullOnly: true});
  const narrow = await holdfast.applicationToken('owner', {namespaces: ['private']});
  const people = [
    'stranger',
    'viewer',
    'contributor',
    'owner',
    'admin',
    'disabled',
    'foreign',
  ] as const;
  return new Map<Caller, Login>([
    ...people.map((name) => [name, {username: name, password: passwordOf(name)}] as const),
    ['robot', {username: 'robot', password: robot}],
    ['reader', {username: 'owner', password: reader}],
    ['narrow', {username: 'owner', password: narrow}],
    ['puller', {username: 'owner', password: passwordOf('owner')}],
  ]);
}

async function prepareAll(
  holdfast: WithAccounts,
  wanted: readonly Visibility[],
): Promise<ReadonlyMap<string, Prepared>> {
  const admin = holdfast.as(basic('admin'));
  const names = wanted.flatMap((visibility) =>
    callers.flatMap((caller) => ways.map((way) => nameOf(visibility, caller, way))),
  );
  // The world of the API has repositories of its own: it takes them away.
  if (wanted.length === 0) {
    for (const caller of callers) {
      names.push(`private/doomed-${caller}`, `private/gone-${caller}`);
    }
  }
  return new Map(
    await Promise.all(names.map(async (name) => [name, await prepare(admin, name)] as const)),
  );
}

/** The token is for all that the caller may do in his repositories; that of the puller to pull alone. */
async function keep(
  {api}: WithAccounts,
  caller: Caller,
  logins: ReadonlyMap<Caller, Login>,
): Promise<Kept> {
  const actions = caller === 'puller' ? 'pull' : 'pull,push,delete';
  const scopes = visibilities.map(
    (visibility) => `repository:${nameOf(visibility, caller, 'Bearer')}:${actions}`,
  );
  if (caller !== 'puller') scopes.push('registry:catalog:*');
  const scope = scopes.join(' ');
  const login = logins.get(caller);
  const request = login
    ? api
        .post('/auth/token')
        .type('form')
        .send({grant_type: 'password', access_type: 'offline', scope, ...login})
    : api.get(`/auth/token?${new URLSearchParams({scope}).toString()}`);
  const {token, refresh_token: refreshToken} = (await request.expect(200)).body as Answer;
  return {token, refreshToken};
}

async function signIn({api}: InProcess): Promise<string> {
  const login = {username: 'foreign', password: passwordOf('foreign')};
  const [cookie = ''] =
    (await api.post('/api/v1/session').send(login).expect(201)).get('Set-Cookie') ?? [];
  return cookie.split(';')[0] ?? '';
}

async function idOf({db}: WithAccounts, name: string): Promise<string> {
  const query = db.selectFrom('users').select('id').where('name', '=', name);
  return (await query.executeTakeFirstOrThrow()).id;
}

async function filesOf({dataDir}: InProcess): Promise<readonly string[]> {
  const root = join(dataDir, 'registry');
  const entries = await readdir(root, {recursive: true, withFileTypes: true});
  const lines = entries.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) return file;
    const {size, mtimeMs} = await stat(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(lines)).sort();
}

async function rowsOf(db: WithAccounts['db']): Promise<readonly string[]> {
  const rows = await Promise.all([
    db
      .selectFrom('users')
      .select(['id', 'name', 'is_admin', 'is_enabled', 'display_name', 'generation'])
      .execute(),
    db.selectFrom('application_tokens').select(['id', 'name', 'user_id']).execute(),
    db.selectFrom('teams').selectAll().execute(),
    db.selectFrom('memberships').selectAll().execute(),
    db.selectFrom('namespaces').selectAll().execute(),
    db.selectFrom('upload_leases').selectAll().execute(),
    db.selectFrom('leased_blobs').selectAll().execute(),
    db.selectFrom('repositories').selectAll().execute(),
    db.selectFrom('tags').selectAll().execute(),
    db.selectFrom('revisions_held').selectAll().execute(),
    db.selectFrom('repository_descriptions').selectAll().execute(),
    db.selectFrom('stars').selectAll().execute(),
    db.selectFrom('comments').selectAll().execute(),
  ]);
  return rows
    .flat()
    .map((row) => JSON.stringify(row))
    .sort();
}
