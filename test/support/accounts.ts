/** A Holdfast with accounts inside the test's own process, and people who ask it for tokens. */
import type {ExecutionContext} from 'ava';
import supertest from 'supertest';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {createSecretToken} from '../../src/auth/secret-token.ts';
import {configSchema} from '../../src/config/schema.ts';
import {createPerson, createRobot, type NewPerson} from '../../src/metadata/accounts.ts';
import {createApplicationToken} from '../../src/metadata/application-tokens.ts';
import {type Database, openDatabase} from '../../src/metadata/database.ts';
import {placeOf} from '../../src/metadata/place.ts';
import {addMember} from '../../src/metadata/memberships.ts';
import {createNamespace} from '../../src/metadata/namespaces.ts';
import {parseTeamName} from '../../src/metadata/team-name.ts';
import {createTeam, findTeamByName, type Team} from '../../src/metadata/teams.ts';
import {findUserByName, type User} from '../../src/metadata/users.ts';
import type {Role, Visibility} from '../../src/metadata/words.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {parseUserName} from '../../src/oci/user-name.ts';
import {type InProcess, type Settings, startInProcess} from './in-process.ts';
import {openSecondConnection} from './second-connection.ts';
import {secret} from './secrets.ts';

type Surroundings = Parameters<typeof startInProcess>[1];

export interface WithAccounts extends InProcess {
  /** Another process's connection to the database, as it were. */
  readonly db: Database['db'];
  /** What the challenges name. */
  readonly realm: string;
  /** With the password that `passwordOf` tells. */
  person(
    name: string,
    more?: Partial<Pick<NewPerson, 'admin' | 'provider' | 'subject' | 'passwordHash'>>,
  ): Promise<User>;
  team(name: string, members: Readonly<Record<string, Role>>): Promise<Team>;
  /** Of the team of that name. */
  namespace(name: string, team: string, visibility?: Visibility): Promise<void>;
  /** Answers with the secret that is its password. */
  robot(name: string, team: string, role: Role): Promise<string>;
  applicationToken(
    user: string,
    limits?: {
      readonly namespaces?: readonly string[];
      readonly isPullOnly?: boolean;
      readonly expiresAt?: number;
      /** Another program's; then the answer is not it. */
      readonly hash?: string;
    },
  ): Promise<string>;
  /** Whoever sends this Authorization with each request. */
  as(authorization: string): InProcess['api'];
  /** A token for these scopes; without a name an anonymous one. */
  token(name: string | undefined, ...scopes: readonly string[]): Promise<string>;
}

export const passwordOf = (name: string): string => secret(`password of ${name}: %"ß`);

export const basic = (name: string, password = passwordOf(name)): string =>
  `Basic ${Buffer.from(`${name}:${secret(password)}`).toString('base64')}`;

export const bearer = (token: string): string => `Bearer ${secret(token)}`;

const hasher = new PasswordHasher();
const hashes = new Map<string, Promise<string>>();
/** A hash takes its time, and most tests have the same people. */
const hashFor = async (name: string): Promise<string> => {
  const known = hashes.get(name) ?? hasher.hash(passwordOf(name));
  hashes.set(name, known);
  return known;
};

/** Stops with the test. */
export async function startWithAccounts(
  t: ExecutionContext,
  {auth, ...settings}: Settings & Surroundings = {},
): Promise<WithAccounts> {
  const holdfast = await startInProcess(t, {...settings, auth: {...auth, mode: 'accounts'}});
  const {dataDir} = holdfast;
  const place = placeOf(configSchema.parse({dataDir, metadata: settings.metadata}));
  const {db, close} =
    'file' in place ? openSecondConnection(place.file) : await openDatabase(place);
  t.teardown(close);
  const now = Date.now();
  const userCalled = async (name: string): Promise<User> => found(await findUserByName(db, name));
  const teamCalled = async (name: string): Promise<Team> => found(await findTeamByName(db, name));
  return {
    ...holdfast,
    db,
    realm: `${holdfast.url}/auth/token`,
    person: async (name, more = {}) => {
      const passwordHash = await hashFor(name);
      const user = {name: found(parseUserName(name)), passwordHash, now, ...more};
      return made(await createPerson(db, user));
    },
    team: async (name, members) => {
      const [first, ...others] = Object.entries(members).toSorted(
        ([, one], [, other]) => Number(other === 'owner') - Number(one === 'owner'),
      );
      const {id: ownerId} = await userCalled(first?.[0] ?? '');
      const team = made(await createTeam(db, {name: found(parseTeamName(name)), ownerId, now}));
      for (const [user, role] of others) {
        const {id: userId} = await userCalled(user);
        await addMember(db, {teamId: team.id, userId, role, now});
      }
      return team;
    },
    namespace: async (name, team, visibility = 'private') => {
      const {id: teamId} = await teamCalled(team);
      made(await createNamespace(db, {name: parseRepositoryName(name), teamId, visibility, now}));
    },
    robot: async (name, team, role) => {
      const {id: teamId} = await teamCalled(team);
      const robot = {name: found(parseUserName(name)), teamId, role, now};
      const {id: userId} = made(await createRobot(db, robot));
      const {id, hash, text} = createSecretToken('application');
      const token = {id, hash, userId, name: 'first', isPullOnly: false, now};
      made(await createApplicationToken(db, token));
      return secret(text);
    },
    applicationToken: async (user, limits = {}) => {
      const {id: userId} = await userCalled(user);
      const {id, hash, text} = createSecretToken('application');
      const token = {id, hash, userId, name: id, isPullOnly: false, now, ...limits};
      made(await createApplicationToken(db, token));
      return secret(text);
    },
    as: (authorization) => supertest.agent(holdfast.url).set('Authorization', authorization),
    token: async (name, ...scopes) => {
      const query = new URLSearchParams();
      for (const scope of scopes) query.append('scope', scope);
      const request = holdfast.api.get(`/auth/token?${query.toString()}`);
      if (name !== undefined) request.set('Authorization', basic(name));
      const answer = await request.expect(200);
      return secret((answer.body as {readonly token: string}).token);
    },
  };
}

/** In milliseconds: a process looks for changes twice a second, and on a busy machine it has to wait for its turn. */
export const soon = 5000;

/** Asks again until the answer is yes; how many milliseconds after the start it was last asked in vain. */
export async function lastRefused(ask: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  for (let last = 0; ;) {
    const askedAt = performance.now() - startedAt;
    if (await ask()) return last;
    last = askedAt;
    if (last > 20_000) throw new Error('it was asked for 20 seconds in vain');
  }
}

/** A word says why it was not made. */
function made<T extends object>(result: T | string): T {
  if (typeof result === 'string') throw new Error(result);
  return result;
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there');
  return value;
}
