/** The chain of seals over activities: what it finds of whatever somebody does to the database. */
import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {type ExecutionContext} from 'ava';
import {sql} from 'kysely';
import {advanceHead, readHead} from '../../src/auth/activities/chain-head.ts';
import {removeOldBatch, sealBatch} from '../../src/auth/activities/seal.ts';
import {SealKeys} from '../../src/auth/activities/seal-keys.ts';
import {verifyActivities} from '../../src/auth/activities/verify.ts';
import {insertActivities} from '../../src/metadata/activities.ts';
import type {Database} from '../../src/metadata/database.ts';
import {freshOn, onEachEngine, type TestedEngine} from '../contract/engines.ts';
import {now} from '../metadata/workbench.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

const at = (seconds: number): Date => new Date(now + seconds * 1000);

interface Chain {
  readonly db: Database['db'];
  readonly directory: string;
  readonly keys: SealKeys;
  readonly add: (name: string, seconds: number) => Promise<void>;
  readonly seal: (seconds: number) => Promise<number | undefined>;
  readonly findings: () => Promise<readonly string[]>;
}

async function chainOn(t: ExecutionContext, engine: TestedEngine): Promise<Chain> {
  const db = await freshOn(t, engine);
  const directory = await temporaryDirectory(t);
  const keys = new SealKeys(directory);
  return {
    db,
    directory,
    keys,
    add: async (name, seconds) =>
      insertActivities(db, [
        {
          at: at(seconds).getTime(),
          key: 'team.create',
          actor: {kind: 'account', id: 'a', name: 'anna'},
          subject: {kind: 'team', name},
          parameters: {description: "it's “so” 😀"},
        },
      ]),
    seal: async (seconds) => {
      const sealed = await sealBatch(db, {key: await keys.current(at(0)), now: at(seconds)});
      await advanceHead(db, directory);
      return sealed?.count;
    },
    findings: async () => {
      const head = await readHead(directory);
      const {findings} = await verifyActivities(db, {keys: await keys.all(), head});
      return findings.map(({kind, seal}) => `${kind} ${seal ?? ''}`.trim());
    },
  };
}

/** Three seals over two rows each, and a row under none. */
async function threeSeals(t: ExecutionContext, engine: TestedEngine): Promise<Chain> {
  const chain = await chainOn(t, engine);
  for (const number of [1, 2, 3]) {
    await chain.add(`one ${number}`, number * 100);
    await chain.add(`two ${number}`, number * 100 + 1);
    t.is(await chain.seal(number * 100 + 60), 2);
  }
  await chain.add('fresh', 400);
  t.deepEqual(await chain.findings(), []);
  return chain;
}

const tampering: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a changed name',
    "update activities set actor_name = 'bert' where subject_name = 'one 2'",
    ['row-changed 2'],
  ],
  [
    'a changed time',
    "update activities set at = at + 1 where subject_name = 'one 2'",
    ['row-changed 2'],
  ],
  [
    'a detail that is gone',
    "update activities set parameters = '{}' where subject_name = 'two 3'",
    ['row-changed 3'],
  ],
  [
    'an address that was put in',
    "update activities set address = '192.0.2.1' where subject_name = 'two 3'",
    ['row-changed 3'],
  ],
  ['a deleted row', "delete from activities where subject_name = 'two 1'", ['row-missing 1']],
  [
    'a row that was put in',
    `insert into activities (id, at, key_, actor_name, subject_kind, subject_name, parameters, seal) values ('x', 1, 'k', 'n', 's', 'n', '{}', 2)`,
    ['row-added 2'],
  ],
  [
    'a row under another seal',
    "update activities set seal = 3 where subject_name = 'one 2'",
    ['row-moved 2', 'row-added 3'],
  ],
  [
    'a row under no seal',
    "update activities set seal = null where subject_name = 'one 2'",
    ['row-moved 2'],
  ],
  [
    'a row under a seal that is not there',
    "update activities set seal = 9 where subject_name = 'one 2'",
    ['row-moved 2', 'row-added 9'],
  ],
  ['a changed count', 'update activity_seals set count_ = 7 where number_ = 2', ['seal-changed 2']],
  [
    'a changed list of rows',
    "update activity_seals set leaves = '[]' where number_ = 2",
    ['seal-changed 2', 'row-added 2', 'row-added 2'],
  ],
  [
    'a wrong signature',
    "update activity_seals set mac = 'x' where number_ = 3",
    ['seal-changed 3'],
  ],
  [
    'a wrong hash',
    "update activity_seals set hash = 'x' where number_ = 3",
    ['seal-changed 3', 'chain-cut 3'],
  ],
  ['another key', "update activity_seals set key_id = 'x' where number_ = 1", ['seal-changed 1']],
  [
    'rows said to be too old',
    'update activity_seals set removed_at = 1 where number_ = 1',
    ['seal-changed 1', 'row-added 1', 'row-added 1'],
  ],
  [
    'a seal that is gone',
    'delete from activity_seals where number_ = 2',
    ['seal-missing 2', 'row-added 2', 'row-added 2'],
  ],
];

for (const [what, statement, expected] of tampering) {
  onEachEngine(`${what} is found`, async (t, engine) => {
    const {db, findings} = await threeSeals(t, engine);
    const quote = engine.name === 'mariadb' ? '`' : '"';
    const text = statement
      .replaceAll('key_,', `${quote}key${quote},`)
      .replaceAll('count_', `${quote}count${quote}`)
      .replaceAll('number_', `${quote}number${quote}`);
    await sql.raw(text).execute(db);
    t.deepEqual(await findings(), expected);
  });
}

onEachEngine('two rows that change places are found', async (t, engine) => {
  const {db, findings} = await threeSeals(t, engine);
  const rows = await db.selectFrom('activities').selectAll().where('seal', '=', 2).execute();
  const [one, two] = rows;
  if (!one || !two) throw new Error('there are two rows');
  await db.updateTable('activities').set({at: two.at}).where('id', '=', one.id).execute();
  await db.updateTable('activities').set({at: one.at}).where('id', '=', two.id).execute();
  t.deepEqual(await findings(), ['row-changed 2', 'row-changed 2']);
});

onEachEngine(
  'an end that was cut off is found, and stays found when others come',
  async (t, engine) => {
    const {db, findings, seal} = await threeSeals(t, engine);
    await db.deleteFrom('activities').where('seal', '=', 3).execute();
    await db.deleteFrom('activity_seals').where('number', '=', 3).execute();
    t.deepEqual(await findings(), ['chain-cut 3']);
    t.is(await seal(500), 1);
    t.deepEqual(await findings(), ['chain-cut 3']);
  },
);

onEachEngine(
  'what is not seconds old yet waits for the next seal, and what comes late too',
  async (t, engine) => {
    const {add, seal, findings} = await chainOn(t, engine);
    await add('now', 0);
    t.is(await seal(5), undefined);
    t.is(await seal(60), 1);
    await add('late', -100);
    t.is(await seal(61), 1);
    t.deepEqual(await findings(), []);
  },
);

onEachEngine(
  'more than a thousand rows are sealed in several batches, in their order',
  async (t, engine) => {
    const {db, seal, findings} = await chainOn(t, engine);
    const rows = Array.from({length: 2100}, (_, index) => ({
      at: at(index / 1000).getTime(),
      key: 'team.create',
      actor: {kind: 'system', name: ''} as const,
      subject: {kind: 'team', name: String(index)},
    }));
    await insertActivities(db, rows);
    t.deepEqual(
      [await seal(60), await seal(60), await seal(60), await seal(60)],
      [1000, 1000, 100, undefined],
    );
    t.deepEqual(await findings(), []);
  },
);

onEachEngine('of many that seal at once, each row is sealed by one', async (t, engine) => {
  const {db, add, keys, findings} = await chainOn(t, engine);
  for (let index = 0; index < 20; index += 1) await add(String(index), index);
  const key = await keys.current(at(0));
  const seals = await Promise.all(
    Array.from({length: 4}, async () => sealBatch(db, {key, now: at(100)})),
  );
  t.deepEqual(
    seals.filter((seal) => seal !== undefined).map(({count}) => count),
    [20],
  );
  t.deepEqual(await findings(), ['head-missing']);
});

onEachEngine('what is too old goes in whole batches, and the rest verifies', async (t, engine) => {
  const {db, keys, findings} = await threeSeals(t, engine);
  const key = await keys.current(at(0));
  const remove = async () => removeOldBatch(db, {key, now: at(1000), before: at(300).getTime()});
  t.deepEqual([await remove(), await remove(), await remove()], [true, true, false]);
  t.deepEqual(await findings(), []);
  const left = await db.selectFrom('activities').select('subject_name').orderBy('at').execute();
  t.deepEqual(
    left.map((row) => row.subject_name),
    ['one 3', 'two 3', 'fresh'],
  );
  const seals = await db
    .selectFrom('activity_seals')
    .select(['number', 'leaves'])
    .orderBy('number')
    .execute();
  t.deepEqual(
    seals.map(({number, leaves}) => [number, leaves === '']),
    [
      [2, true],
      [3, false],
    ],
  );
  await db.updateTable('activity_seals').set({removed_at: 5}).where('number', '=', 2).execute();
  t.deepEqual(await findings(), ['seal-changed 2']);
});

onEachEngine(
  'another key seals on, and what the former sealed verifies as long as that is there',
  async (t, engine) => {
    const {keys, add, seal, findings, directory} = await threeSeals(t, engine);
    await keys.rotate(at(0));
    await add('after', 500);
    t.is(await seal(600), 2);
    t.deepEqual(await findings(), []);
    t.is((await keys.all()).size, 2);
    const file = join(directory, 'activity-seal-keys.json');
    t.is((await stat(file)).mode & 0o777, 0o600);
    t.regex(await readFile(file, 'utf8'), /"secret"/);
  },
);
