import {createPerson, createRobot} from '../../src/metadata/accounts.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {findTeamByName} from '../../src/metadata/teams.ts';
import {
  countPeople,
  findUser,
  findUserByName,
  findUserBySubject,
  findUserWithPassword,
  listAccountStates,
  listUsers,
  raiseGeneration,
  recordLogin,
  renewPasswordHash,
  setPassword,
  updateUser,
} from '../../src/metadata/users.ts';
import {freshOn, onEachEngine} from '../contract/engines.ts';
import {made, now, person, userName} from './workbench.ts';

onEachEngine(
  'an account is found by its id, its name, and its subject at the provider',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const ada = await person(db, 'ada', {
      provider: 'htpasswd',
      subject: 'Ada',
      displayName: 'Ada L.',
      email: 'ada@example.org',
    });
    t.like(ada, {isRobot: false, isAdmin: false, isEnabled: true, generation: 1, createdAt: now});
    t.deepEqual(await findUser(db, ada.id), ada);
    t.deepEqual(await findUserByName(db, 'ada'), ada);
    t.deepEqual(await findUserBySubject(db, 'htpasswd', 'Ada'), ada);
    t.is(await findUserBySubject(db, 'local', 'Ada'), undefined);
    t.is(await findUser(db, 'nobody'), undefined);
    t.is(await findUserByName(db, 'Ada'), undefined);
  },
);

onEachEngine('a subject has one account, whatever its name', async (t, engine) => {
  const db = await freshOn(t, engine);
  const subject = {provider: 'htpasswd', subject: 'x'};
  await person(db, 'ada', subject);
  t.is(await createPerson(db, {name: userName('bob'), ...subject, now}), 'taken');
  await person(db, 'bob', {...subject, provider: 'local'});
});

onEachEngine('a password is read by the one function that is for it', async (t, engine) => {
  const db = await freshOn(t, engine);
  const ada = await person(db, 'ada', {passwordHash: '$argon2id$secret'});
  t.deepEqual(await findUserWithPassword(db, 'ada'), {user: ada, passwordHash: '$argon2id$secret'});
  t.is(await findUserWithPassword(db, 'bob'), undefined);
  t.false(JSON.stringify(await listUsers(db, {limit: 9})).includes('secret'));
});

onEachEngine(
  'a new password ends what was issued, a better hash of the old one does not',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id} = await person(db, 'ada', {passwordHash: 'one'});
    t.true(await setPassword(db, {id, passwordHash: 'two', now: now + 1}));
    t.like(await findUserWithPassword(db, 'ada'), {
      passwordHash: 'two',
      user: {generation: 2, updatedAt: now + 1},
    });
    const revision = await readRevision(db);
    t.false(await renewPasswordHash(db, {id, former: 'one', passwordHash: 'three'}));
    t.true(await renewPasswordHash(db, {id, former: 'two', passwordHash: 'three'}));
    t.like(await findUserWithPassword(db, 'ada'), {passwordHash: 'three', user: {generation: 2}});
    t.is(await readRevision(db), revision);
    t.true(await setPassword(db, {id, passwordHash: null, now}));
    t.like(await findUserWithPassword(db, 'ada'), {passwordHash: undefined});
    t.false(await setPassword(db, {id: 'nobody', passwordHash: 'x', now}));
  },
);

onEachEngine(
  'a generation that is raised is seen in the states of all accounts',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id} = await person(db, 'ada');
    t.true(await raiseGeneration(db, {id, now}));
    t.false(await raiseGeneration(db, {id: 'nobody', now}));
    t.deepEqual(await listAccountStates(db), [{id, generation: 2, isEnabled: true}]);
  },
);

onEachEngine(
  'display name and mail address are changed one by one, and taken away',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id} = await person(db, 'ada', {displayName: 'Ada', email: 'ada@example.org'});
    t.true(await updateUser(db, {id, displayName: 'Countess', now: now + 1}));
    t.like(await findUser(db, id), {
      displayName: 'Countess',
      email: 'ada@example.org',
      generation: 1,
      updatedAt: now + 1,
    });
    t.true(await updateUser(db, {id, email: null, now}));
    t.like(await findUser(db, id), {displayName: 'Countess', email: undefined});
    t.false(await updateUser(db, {id: 'nobody', now}));
  },
);

onEachEngine('a login is noted once a minute', async (t, engine) => {
  const db = await freshOn(t, engine);
  const {id} = await person(db, 'ada');
  for (const [later, noted] of [
    [0, 0],
    [59_999, 0],
    [60_000, 60_000],
  ] as const) {
    await recordLogin(db, {id, now: now + later});
    t.is((await findUser(db, id))?.lastLoginAt, now + noted);
  }
});

onEachEngine('10,000 accounts are listed by pages, sorted, each once', async (t, engine) => {
  const db = await freshOn(t, engine);
  const rows = Array.from({length: 10_000}, (_, number) => ({
    id: `id-${number}`,
    name: `user-${number}`,
    is_robot: 0,
    provider: 'local',
    subject: `id-${number}`,
    is_admin: 0,
    is_enabled: 1,
    generation: 1,
    created_at: now,
    updated_at: now,
  }));
  await db.transaction().execute(async (turn) => {
    const nothing = {display_name: null, email: null, password_hash: null, team_id: null};
    for (let start = 0; start < rows.length; start += 1000) {
      const some = rows.slice(start, start + 1000);
      const values = some.map((row) => ({...row, ...nothing, last_login_at: null}));
      await turn.insertInto('users').values(values).execute();
    }
  });
  const seen: string[] = [];
  for (let pages = 1; ; pages += 1) {
    const page = await listUsers(db, {limit: 700, after: seen.at(-1)});
    if (page.length === 0) break;
    t.is(page.length, pages <= 14 ? 700 : 200);
    seen.push(...page.map(({name}) => name));
  }
  t.deepEqual(seen, rows.map(({name}) => name).sort());
  t.is((await listUsers(db, {limit: 1_000_000})).length, 1000);
  t.is(await countPeople(db), 10_000);
});

onEachEngine('robots are listed apart, and not counted as people', async (t, engine) => {
  const db = await freshOn(t, engine);
  await person(db, 'ada');
  const teamId = (await findTeamByName(db, 'root'))?.id ?? '';
  const bot = made(
    await createRobot(db, {name: userName('bot'), teamId, role: 'contributor', now}),
  );
  t.deepEqual(await listUsers(db, {limit: 9, isRobot: true}), [bot]);
  t.deepEqual(await listUsers(db, {limit: 9, teamId}), [bot]);
  t.like(await listUsers(db, {limit: 9, isRobot: false}), [{name: 'ada'}]);
  t.is(await countPeople(db), 1);
});
