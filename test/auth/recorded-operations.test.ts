/** What operations write down of themselves. */
import test from 'ava';
import {type Actor, operator} from '../../src/auth/administration/actor.ts';
import {operations} from '../../src/auth/administration/operations.ts';
import {listActivities} from '../../src/metadata/activity-pages.ts';
import type {Database} from '../../src/metadata/database.ts';
import {tables} from '../../src/metadata/tables.ts';
import {secret} from '../support/secrets.ts';
import {freshDatabase, person} from '../metadata/workbench.ts';
import {contextOf} from './administration-context.ts';
import {account} from './workbench.ts';

const password = secret('a password that nobody may read');

/** In an order in which they can be done: the key that each leaves. */
const changes = [
  ['user create', {name: 'carl', password}, 'user.create'],
  ['user disable', {name: 'carl'}, 'user.disable'],
  ['user enable', {name: 'carl'}, 'user.enable'],
  ['user unlock', {name: 'carl'}, 'user.unlock'],
  ['user password', {name: 'carl', password}, 'user.change_password'],
  ['user admin', {name: 'carl', isAdmin: true}, 'user.make_admin'],
  ['user admin', {name: 'carl', isAdmin: false}, 'user.unmake_admin'],
  ['user profile', {name: 'carl', displayName: 'Carl'}, 'user.change_profile'],
  ['team create', {name: 'makers', owner: 'anna'}, 'team.create'],
  ['team create', {name: 'others', owner: 'anna'}, 'team.create'],
  ['team change', {name: 'others', newName: 'rest'}, 'team.change_team_name'],
  ['team change', {name: 'rest', description: 'x'}, 'team.change_team_description'],
  ['team set-sync', {name: 'makers', isSynced: false}, 'team.change_sync'],
  ['team add-member', {team: 'makers', user: 'carl', role: 'owner'}, 'team.add_member'],
  ['team set-role', {team: 'makers', user: 'carl', role: 'viewer'}, 'team.change_member_role'],
  ['team remove-member', {team: 'makers', user: 'carl'}, 'team.remove_member'],
  ['namespace create', {name: 'tools', team: 'makers'}, 'namespace.create'],
  [
    'namespace describe',
    {name: 'tools', description: 'saws'},
    'namespace.change_namespace_description',
  ],
  [
    'namespace set-visibility',
    {name: 'tools', visibility: 'public'},
    'namespace.change_visibility',
  ],
  ['namespace set-team', {name: 'tools', team: 'rest'}, 'namespace.change_team'],
  ['namespace delete', {name: 'tools'}, 'namespace.delete'],
  ['app-token create', {user: 'carl', name: 'laptop'}, 'application_token.create'],
  ['app-token delete', {user: 'carl', name: 'laptop'}, 'application_token.destroy'],
  ['robot create', {name: 'ci', team: 'makers', role: 'contributor'}, 'robot.create'],
  ['robot change', {name: 'ci', role: 'viewer', isEnabled: false}, 'robot.update'],
  ['robot delete', {name: 'ci'}, 'robot.delete'],
  ['team delete', {name: 'makers'}, 'team.delete'],
  ['user delete', {name: 'carl'}, 'user.delete'],
] as const;

/** Those that no transaction holds, or that need more than a database: tested where they are. */
const apart = [
  'session end-all',
  'session end',
  'keys rotate',
  'database backup',
  'database restore',
  'import portus',
  'activity rotate-key',
  'webhook create',
  'webhook change',
  'webhook delete',
  'webhook resend',
  'webhook test',
];

const all = async (db: Database['db']) =>
  listActivities(db, {filter: {}, sight: 'all', limit: 1000});

test('each change leaves one activity, and no password and no token in it', async (t) => {
  const context = contextOf(await freshDatabase(t));
  await person(context.db, 'anna', {admin: 'yes'});
  const secrets: string[] = [password];
  const anna: Actor = {
    ...account('anna', {isAdmin: true}),
    origin: {address: '192.0.2.7', requestId: 'r-1', credential: {kind: 'session'}},
  };
  for (const [at, [name, input, key]] of changes.entries()) {
    const before = await all(context.db);
    const answer = await operations.get(name)?.perform(context, anna, input);
    const {token} = answer as {readonly token?: string};
    if (token !== undefined) secrets.push(token, secret(token));
    const known = new Set(before.map(({id}) => id));
    const fresh = (await all(context.db)).filter(({id}) => !known.has(id));
    t.deepEqual(
      fresh.map((each) => [each.key, each.actor.name, each.address, each.requestId, each.outcome]),
      [[key, 'anna', '192.0.2.7', 'r-1', 'done']],
      `${at}: ${name}`,
    );
  }
  const text = JSON.stringify(await context.db.selectFrom('activities').selectAll().execute());
  for (const each of secrets) t.false(text.includes(each));
});

test('a webhook is told by its name, and never by its address', async (t) => {
  const context = contextOf(await freshDatabase(t));
  await person(context.db, 'anna');
  const perform = async (name: string, input: object) =>
    operations.get(name)?.perform(context, operator, input);
  await perform('team create', {name: 'makers', owner: 'anna'});
  await perform('namespace create', {name: 'tools', team: 'makers'});
  const url = 'https://hooks.example.org/a-secret-in-the-path';
  const made = await perform('webhook create', {namespace: 'tools', name: 'ci', url});
  const {id} = made as {readonly id: string};
  await perform('webhook change', {id, isEnabled: false});
  await perform('webhook change', {id, url: `${url}-2`});
  await perform('webhook test', {id});
  await perform('webhook delete', {id});
  const told = (await all(context.db)).filter(({subject}) => subject.kind === 'webhook');
  t.deepEqual(
    told.map(({key, subject, namespace}) => [key, subject.name, namespace?.name]).toSorted(),
    ['create', 'destroy', 'disabled', 'test', 'update'].map((verb) => [
      `webhook.${verb}`,
      'ci',
      'tools',
    ]),
  );
  t.false(JSON.stringify(told).includes('a-secret'));
});

test('every operation that changes something is one of these', (t) => {
  const known = new Set<string>([...changes.map(([name]) => name), ...apart]);
  const changing = [...operations.values()].filter(({changes: what}) => what !== 'nothing');
  t.deepEqual(changing.map(({name}) => name).toSorted(), [...known].toSorted());
  t.true(changing.every(({changes: what}) => what === 'recorded'));
});

test('an operation that says that it changes nothing changes nothing', async (t) => {
  const context = contextOf(await freshDatabase(t));
  await person(context.db, 'anna');
  const perform = async (name: string, input: object) =>
    operations.get(name)?.perform(context, operator, input);
  await perform('team create', {name: 'makers', owner: 'anna'});
  await perform('namespace create', {name: 'tools', team: 'makers'});
  const contents = async () =>
    JSON.stringify(
      await Promise.all(tables.map(({name}) => context.db.selectFrom(name).selectAll().execute())),
    );
  const inputs: Readonly<Record<string, object>> = {
    'user show': {name: 'anna'},
    'team show': {name: 'makers'},
    'namespace show': {name: 'tools'},
    'app-token list': {user: 'anna'},
    'session list': {user: 'anna'},
    'auth explain': {user: 'anna', repository: 'tools/saw', action: 'pull'},
  };
  const before = await contents();
  for (const {name, changes: what} of operations.values()) {
    // Of keys, of the engine, of webhooks: there are none here.
    if (
      what !== 'nothing' ||
      [
        'keys show',
        'database show',
        'webhook show',
        'webhook deliveries',
        'webhook delivery',
      ].includes(name)
    )
      continue;
    await t.notThrowsAsync(perform(name, inputs[name] ?? {}), name);
  }
  t.is(await contents(), before);
});

test('a change that fails leaves no activity, and an activity that fails no change', async (t) => {
  const context = contextOf(await freshDatabase(t));
  await person(context.db, 'anna');
  const create = async (owner: string) =>
    operations.get('team create')?.perform(context, operator, {name: 'makers', owner});
  await t.throwsAsync(create('nobody'), {name: 'AdministrationError', message: /there is no user/});
  t.deepEqual(await all(context.db), []);
  const broken = context.db.schema.alterTable('activities').renameTo('elsewhere');
  await broken.execute();
  await t.throwsAsync(create('anna'), {name: 'MetadataError'});
  t.deepEqual(
    await context.db.selectFrom('teams').select('name').where('name', '=', 'makers').execute(),
    [],
  );
});

test('names are readable after those who had them are deleted', async (t) => {
  const context = contextOf(await freshDatabase(t));
  for (const name of ['anna', 'bert']) await person(context.db, name);
  const perform = async (name: string, input: object, actor: Actor = operator) =>
    operations.get(name)?.perform(context, actor, input);
  await perform('team create', {name: 'makers', owner: 'anna'}, account('anna', {isAdmin: true}));
  await perform('team delete', {name: 'makers'}, account('bert', {isAdmin: true}));
  await perform('user delete', {name: 'bert'});
  const told = (await all(context.db)).map(({key, actor, subject}) => [
    key,
    actor.name,
    subject.name,
  ]);
  t.deepEqual(told.toSorted(), [
    ['team.create', 'anna', 'makers'],
    ['team.delete', 'bert', 'makers'],
    ['user.delete', '', 'bert'],
  ]);
});

test('an application token is told by its name, of when it was used', async (t) => {
  const context = contextOf(await freshDatabase(t));
  await person(context.db, 'anna');
  const input = {user: 'anna', name: 'laptop'};
  const made = await operations.get('app-token create')?.perform(context, operator, input);
  const {token} = made as {readonly token: string};
  const {id} = await context.db
    .selectFrom('application_tokens')
    .select('id')
    .executeTakeFirstOrThrow();
  const credential = {kind: 'application-token', id} as const;
  const anna: Actor = {...account('anna'), origin: {credential}};
  await operations.get('app-token delete')?.perform(context, anna, input);
  const destroyed = (await all(context.db)).find(({key}) => key === 'application_token.destroy');
  t.deepEqual(destroyed?.credential, {...credential, name: 'laptop'});
  t.false(JSON.stringify(destroyed).includes(secret(token)));
});
