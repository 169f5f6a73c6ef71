import test, {type ExecutionContext} from 'ava';
import {findUserWithPassword, listUsers} from '../../src/metadata/users.ts';
import {listNamespaces} from '../../src/metadata/namespaces.ts';
import {listMembers} from '../../src/metadata/memberships.ts';
import {findTeamByName} from '../../src/metadata/teams.ts';
import type {Database} from '../../src/metadata/database.ts';
import {type MoveOptions, type MoveReport, movePortus} from '../../src/metadata/portus/move.ts';
import {type DatabaseServer, startMariadb, startPostgres} from '../support/database-server.ts';
import {shared} from '../support/lifetime.ts';
import {fillPortus, makePortus, type PortusDatabase} from '../support/portus.ts';
import {freshFile, now, open} from './workbench.ts';

const zone = 'Asia/Kolkata';
const servers = {
  mariadb: shared(async (life) =>
    startMariadb(life, {flags: ['--default-time-zone=+05:30', '--character-set-server=latin1']}),
  ),
  postgres: shared(async (life) => startPostgres(life, {flags: ['-c', `timezone=${zone}`]})),
} satisfies Record<string, (t: ExecutionContext) => Promise<DatabaseServer>>;

type Db = Database['db'];

const move = async (
  db: Db,
  {server: from}: Pick<PortusDatabase, 'server'>,
  more: Partial<MoveOptions> = {},
): Promise<MoveReport> =>
  movePortus({
    db,
    from,
    providers: new Map(),
    hasDirectory: true,
    samePeople: new Set(),
    isDry: false,
    now,
    onRows: () => undefined,
    ...more,
  });

const fresh = async (t: ExecutionContext): Promise<Db> =>
  (await open(t, {file: await freshFile(t)})).db;

const countsOf = ({tallies}: MoveReport) =>
  Object.fromEntries(tallies.map(({what, taken, before, left}) => [what, [taken, before, left]]));

const namesOf = ({findings}: MoveReport, reason: string) =>
  findings.find((finding) => finding.reason === reason)?.names;

/** Everything that is in a database, but what differs each time. */
async function contentOf(db: Db) {
  return {
    users: await listUsers(db, {limit: 500}),
    namespaces: await listNamespaces(db, {limit: 500}),
    webhooks: await db.selectFrom('webhooks').selectAll().execute(),
    activities: await db.selectFrom('activities').selectAll().orderBy('id').execute(),
    tokens: await db.selectFrom('application_tokens').selectAll().orderBy('id').execute(),
    stars: await db.selectFrom('stars').selectAll().execute(),
    comments: await db.selectFrom('comments').selectAll().orderBy('id').execute(),
    memberships: await db.selectFrom('memberships').selectAll().execute(),
  };
}

for (const [engine, server] of Object.entries(servers)) {
  test(`${engine}: users come with what they have, and what can't come is told`, async (t) => {
    const portus = await makePortus(await server(t), {charset: 'latin1'});
    await fillPortus(portus);
    const db = await fresh(t);
    const report = await move(db, portus);
    t.deepEqual(countsOf(report), {
      users: [8, 0, 2],
      teams: [2, 0, 0],
      memberships: [4, 2, 2],
      namespaces: [5, 0, 1],
      descriptions: [1, 0, 0],
      tokens: [3, 0, 2],
      webhooks: [1, 0, 1],
      stars: [1, 1, 1],
      comments: [2, 0, 1],
      activities: [6, 0, 0],
    });
    const users = await listUsers(db, {limit: 50});
    t.deepEqual(
      users.map(({name, provider, isAdmin, isEnabled}) => [name, provider, isAdmin, isEnabled]),
      [
        ['anna', 'local', true, true],
        ['bert', 'local', false, true],
        ['carla-m-ller', 'local', false, true],
        ['ci-bot', 'local', false, true],
        ['dora', 'local', false, false],
        ['gaby', 'local', false, true],
        ['lena', 'ldap', false, true],
        ['otto', 'local', false, true],
      ],
    );
    t.is(users[0]?.displayName, 'Anna Müller');
    t.is(users[0]?.createdAt, Date.UTC(2020, 0, 2, 3, 4, 5));
    t.is((await findUserWithPassword(db, 'gaby'))?.passwordHash, undefined);
    t.regex((await findUserWithPassword(db, 'bert'))?.passwordHash ?? '', /^\$2y\$/);
    t.deepEqual(namesOf(report, 'user-renamed'), ['Carla Müller -> carla-m-ller']);
    t.deepEqual(namesOf(report, 'user-clash'), ['Anna']);
    t.deepEqual(namesOf(report, 'user-name'), ['!!!']);
    t.deepEqual(namesOf(report, 'no-provider'), ['otto (openid_connect)']);
    t.deepEqual(namesOf(report, 'password-hash'), ['gaby']);
    t.deepEqual(namesOf(report, 'locked'), ['gaby']);
    t.deepEqual(namesOf(report, 'bot'), ['ci-bot']);
    t.deepEqual(namesOf(report, 'namespace-name'), ['Bad Name']);
    t.deepEqual(namesOf(report, 'namespace-ownerless'), ['orphan']);
    t.deepEqual(namesOf(report, 'visibility'), ['bert_x']);
    t.deepEqual(namesOf(report, 'webhook'), ['bad']);
    t.deepEqual(namesOf(report, 'webhook-header'), ['X-Evil']);
    t.is(report.findings.find(({reason}) => reason === 'activity-parameters')?.count, 2);
    const namespaces = await listNamespaces(db, {limit: 50});
    t.deepEqual(
      namespaces.map(({name, visibility, description}) => [name, visibility, description]),
      [
        ['', 'public', 'all'],
        ['anna', 'private', ''],
        ['bert', 'private', ''],
        ['bert_x', 'private', ''],
        ['carla-m-ller', 'private', ''],
        ['ci-bot', 'private', ''],
        ['dora', 'private', ''],
        ['gaby', 'private', ''],
        ['lena', 'private', ''],
        ['makers', 'protected', 'tools'],
        ['orphan', 'private', ''],
        ['otto', 'private', ''],
      ],
    );
    const teamOf = new Map(namespaces.map(({name, teamId}) => [name, teamId]));
    t.is(teamOf.get('bert_x'), (await findTeamByName(db, 'user:bert'))?.id);
    t.is(teamOf.get('orphan'), teamOf.get(''));
    const makers = await findTeamByName(db, 'makers');
    t.like(makers, {description: 'They **make**', isSynced: false, isPersonal: false});
    t.deepEqual(
      (await listMembers(db, {teamId: makers?.id ?? '', limit: 9})).map(({userName, role}) => [
        userName,
        role,
      ]),
      [
        ['anna', 'owner'],
        ['bert', 'contributor'],
        ['lena', 'viewer'],
      ],
    );
    const {webhooks, activities, comments} = await contentOf(db);
    t.like(webhooks[0], {
      method: 'post',
      content_type: 'form',
      password: 'the webhook secret',
      headers: '[["X-Token","the header secret"]]',
    });
    t.deepEqual(comments.map(({author, body, path}) => [author, body, path]).sort(), [
      ['', 'from somebody who left', 'busybox'],
      ['bert', 'Nice é', 'makers!tool'],
    ]);
    const push = activities.find(({parameters}) => parameters.includes('repo_name'));
    t.like(push, {
      key: 'repository.push',
      actor_name: 'bert',
      subject_kind: 'repository',
      subject_name: 'makers/tool',
      namespace: 'makers',
      at: Date.UTC(2020, 0, 2, 3, 4, 5),
      parameters: '{"namespace_name":"makers","repo_name":"tool","tag_name":"latest"}',
    });
    t.true(activities.some(({parameters}) => parameters === '{"text":"--- {: [broken"}'));
  });

  test(`${engine}: a second import changes nothing, and brings what is new`, async (t) => {
    const portus = await makePortus(await server(t));
    await fillPortus(portus);
    const db = await fresh(t);
    await move(db, portus);
    const once = await contentOf(db);
    const again = await move(db, portus);
    t.deepEqual(await contentOf(db), once);
    t.true(again.tallies.every(({taken}) => taken === 0));
    await portus.insert('users', [
      {id: 50, username: 'newcomer', enabled: true, encrypted_password: ''},
    ]);
    await portus.insert('activities', [{id: 90, key: 'user.delete', trackable_type: 'User'}]);
    t.like(countsOf(await move(db, portus)), {users: [1, 8, 2], activities: [1, 6, 0]});
  });

  test(`${engine}: a rehearsal tells the same, and changes nothing`, async (t) => {
    const portus = await makePortus(await server(t));
    await fillPortus(portus);
    const db = await fresh(t);
    const before = await contentOf(db);
    const rehearsed = await move(db, portus, {isDry: true});
    t.deepEqual(await contentOf(db), before);
    t.deepEqual(countsOf(await move(db, portus)), countsOf(rehearsed));
  });
}

test('what was deleted here after an import stays deleted', async (t) => {
  const portus = await makePortus(await servers.mariadb(t));
  await fillPortus(portus);
  const db = await fresh(t);
  await move(db, portus);
  await db.deleteFrom('application_tokens').execute();
  await db.deleteFrom('memberships').where('role', '=', 'contributor').execute();
  await move(db, portus);
  const {tokens, memberships} = await contentOf(db);
  t.is(tokens.length, 0);
  t.false(memberships.some(({role}) => role === 'contributor'));
});

test('an account that is here already keeps its name from a stranger of Portus, unless it is said to be the same', async (t) => {
  const portus = await makePortus(await servers.mariadb(t));
  await fillPortus(portus);
  const db = await fresh(t);
  const {person} = await import('./workbench.ts');
  await person(db, 'bert');
  const report = await move(db, portus, {isDry: true});
  t.deepEqual(namesOf(report, 'user-clash'), ['bert', 'Anna']);
  const merged = await move(db, portus, {samePeople: new Set(['bert'])});
  t.deepEqual(namesOf(merged, 'user-merged'), ['bert']);
  const makers = await findTeamByName(db, 'makers');
  const members = await listMembers(db, {teamId: makers?.id ?? '', limit: 9});
  t.true(members.some(({userName}) => userName === 'bert'));
});

test("people of a provider that is configured are that provider's", async (t) => {
  const portus = await makePortus(await servers.mariadb(t));
  await fillPortus(portus);
  const db = await fresh(t);
  const corp = {id: 'corp', subjectOf: (uid: string) => `subject ${uid}`};
  await move(db, portus, {providers: new Map([['openid_connect', corp]])});
  const otto = (await listUsers(db, {limit: 50})).find(({name}) => name === 'otto');
  t.like(otto, {provider: 'corp', subject: 'subject 42'});
});

test('activities that were cut off go on behind the last page that was kept', async (t) => {
  const portus = await makePortus(await servers.mariadb(t));
  await portus.administer(
    "insert into activities (id, `key`) select seq, 'team.create' from seq_1_to_2500",
  );
  const db = await fresh(t);
  const cut = new Error('cut off');
  const onRows = (done: number): void => {
    if (done >= 2000) throw cut;
  };
  t.is(await t.throwsAsync(move(db, portus, {onRows})), cut);
  const count = async () => (await contentOf(db)).activities.length;
  t.is(await count(), 2000);
  t.like(countsOf(await move(db, portus)), {activities: [500, 2000, 0]});
  t.is(await count(), 2500);
});

test('another database is refused, and told by its name', async (t) => {
  const server = await servers.postgres(t);
  const options = await server.fresh();
  const error = await t.throwsAsync(move(await fresh(t), {server: options}));
  t.regex(
    error.message,
    new RegExp(`${options.database} is no database of Portus: it has no table users`),
  );
});
