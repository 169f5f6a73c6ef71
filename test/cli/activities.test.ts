/** What the command line tells of what was done, and whether anybody has changed it. */
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {advanceHead} from '../../src/auth/activities/chain-head.ts';
import {sealBatch} from '../../src/auth/activities/seal.ts';
import {SealKeys} from '../../src/auth/activities/seal-keys.ts';
import {openDatabase, type Database} from '../../src/metadata/database.ts';
import {basic} from '../support/accounts.ts';
import {secret} from '../support/secrets.ts';
import {type Bench, bench, runningBench} from './administration-workbench.ts';

const password = secret('a password of anna');

interface Listed {
  readonly activities: readonly Readonly<Record<string, unknown>>[];
}

const listed = async ({json}: Bench, more = ''): Promise<Listed['activities']> =>
  ((await json(`activity list${more}`)) as Listed).activities;

const keysOf = ({cwd}: Bench): string => join(cwd, 'data/keys');

/** While no server runs. */
async function inDatabase({cwd}: Bench, work: (db: Database['db']) => Promise<unknown>) {
  const {db, close} = await openDatabase({file: join(cwd, 'data/database/holdfast.db')});
  try {
    await work(db);
  } finally {
    await close();
  }
}

/** As the server does it, in an hour. */
const seal = async (made: Bench): Promise<void> =>
  inDatabase(made, async (db) => {
    const now = new Date(Date.now() + 3_600_000);
    const key = await new SealKeys(keysOf(made)).current(now);
    await sealBatch(db, {key, now});
    await advanceHead(db, keysOf(made));
  });

async function begun(t: ExecutionContext): Promise<Bench> {
  const made = await bench(t);
  t.is((await made.run('user create anna --password-stdin', `${password}\n`)).code, 0);
  t.is((await made.run('team create makers --owner anna')).code, 0);
  return made;
}

test('a command that is alone is known by the user of the system', async (t) => {
  const made = await begun(t);
  const {username} = await import('node:os').then(({userInfo}) => userInfo());
  const told = (await listed(made)).map((item) => [item['key'], item['actor_kind'], item['actor']]);
  t.deepEqual(told, [
    ['team.create', 'operator', username],
    ['user.create', 'operator', username],
  ]);
  t.deepEqual(
    (await listed(made, ' --key user --limit 1')).map(({subject}) => subject),
    ['anna'],
  );
  const {stdout} = await made.run('activity list --csv');
  t.is(stdout.split('\r\n').length, 4);
  t.regex(stdout, /^id,at,key,/);
  t.regex((await made.run('activity list')).stdout, /TIME +WHO +WHAT +TO +FROM +OUTCOME\n.*makers/);
});

test('activity verify ends with 1 and names the row that was changed', async (t) => {
  const made = await begun(t);
  await seal(made);
  const before = await made.run('activity verify');
  t.is(before.code, 0, before.stdout);
  t.regex(before.stdout, /nothing was changed: 2 activities under 1 seals, 0 not sealed yet\n$/);
  const id = String((await listed(made, ' --key team'))[0]?.['id']);
  await inDatabase(made, async (db) =>
    db.updateTable('activities').set({actor_name: 'bert'}).where('id', '=', id).execute(),
  );
  const after = await made.run('activity verify');
  t.is(after.code, 1);
  t.true(after.stdout.includes(`row ${id} was changed after seal 1\n`), after.stdout);
  t.is((await made.run('activity verify --json')).code, 1);
});

test('after a backup was put back its chain counts, and verify tells it', async (t) => {
  const made = await begun(t);
  await seal(made);
  t.is((await made.run('database backup kept.db')).code, 0);
  await seal(made);
  t.is((await made.run('database restore kept.db --yes')).code, 0);
  const {code, stdout} = await made.run('activity verify');
  t.is(code, 0, stdout);
  t.regex(stdout, /a backup was put back at .*: seal 2 was the last one, and then 1\n/);
  t.deepEqual(
    (await listed(made, ' --key database')).map(({key}) => key),
    ['database.restore'],
  );
});

test('the server tells the same, and knows whose command it was', async (t) => {
  const made = await runningBench(t);
  t.is((await made.run('user create anna --password-stdin', `${password}\n`)).code, 0);
  const [item] = await listed(made);
  const {userInfo} = await import('node:os');
  t.like(item, {key: 'user.create', actor: userInfo().username, credential_kind: 'socket'});
  t.is((await made.run('activity verify')).code, 0);
});

test('settings that are others than at the start before are told by name', async (t) => {
  const made = await runningBench(t);
  t.deepEqual(await listed(made), []);
  await made.kill('SIGTERM');
  const again = await runningBench(t, {HOLDFAST_INDEX_RECONCILE_INTERVAL: '7m'}, made.cwd);
  const [item] = await listed(again);
  t.like(item, {key: 'config.change', actor_kind: 'system'});
  t.true((item?.['parameters'] as {settings: string[]} | undefined)?.settings.includes('index'));
});

test('after kill -9 whatever was answered has its activity, and each activity what it tells of', async (t) => {
  const made = await runningBench(t);
  t.is((await made.run('user create anna --password-stdin', `${password}\n`)).code, 0);
  const answered: string[] = [];
  const create = async (name: string): Promise<boolean> => {
    const response = await fetch(`${made.url}/api/v1/teams`, {
      method: 'POST',
      headers: {Authorization: basic('anna', password), 'Content-Type': 'application/json'},
      body: JSON.stringify({name}),
    }).catch(() => undefined);
    if (response?.status === 201) answered.push(name);
    if (answered.length === 20) void made.kill('SIGKILL');
    return response !== undefined;
  };
  const workers = Array.from({length: 4}, async (_, worker) => {
    for (let number = 0; await create(`team-${worker}-${number}`); number += 1);
  });
  await Promise.all(workers);
  await made.kill('SIGKILL');
  const told = (await listed(made, ' --key team.create --limit 10000')).map(({subject}) => subject);
  const {teams} = (await made.json('team list')) as {teams: readonly {name: string}[]};
  const there = teams.map(({name}) => name).filter((name) => name.startsWith('team-'));
  t.true(answered.length >= 20);
  t.deepEqual(
    answered.filter((name) => !told.includes(name)),
    [],
  );
  t.deepEqual(told.map(String).toSorted(), there.toSorted());
});
