import {sql} from 'kysely';
import {setAdmin} from '../../src/metadata/accounts.ts';
import {addMember, listMembers} from '../../src/metadata/memberships.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {createTeam} from '../../src/metadata/teams.ts';
import {findUserByName, listUsers, type User} from '../../src/metadata/users.ts';
import {onEachEngine} from '../contract/engines.ts';
import {made, now, open, person, race, startActor, teamName} from './workbench.ts';

const count = (answers: readonly unknown[], wanted: unknown): number =>
  answers.filter((answer) => answer === wanted).length;

onEachEngine(
  'of four processes that claim the first admin exactly one has it',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const {db} = await open(t, place);
    const people: User[] = [];
    for (const name of ['ada', 'bob', 'cyd', 'dan']) people.push(await person(db, name));
    const answers = await race(
      t,
      place,
      people.map(({id}) => ['claim', {id}] as const),
    );
    t.is(count(answers, true), 1);
    t.is(count(answers, false), 3);
    const admins = (await listUsers(db, {limit: 9})).filter(({isAdmin}) => isAdmin);
    t.deepEqual(
      admins.map(({id}) => id),
      [people[answers.indexOf(true)]?.id],
    );
  },
);

onEachEngine(
  'of four accounts that are made at once exactly one is the admin',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const names = ['ada', 'bob', 'cyd', 'dan'];
    await race(
      t,
      place,
      names.map((name) => ['create', {name}] as const),
    );
    const {db} = await open(t, place);
    const people = await listUsers(db, {limit: 9});
    t.deepEqual(
      people.map(({name}) => name),
      names,
    );
    t.is(people.filter(({isAdmin}) => isAdmin).length, 1);
  },
);

onEachEngine(
  'of processes that make an account of one name exactly one makes it',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const actions = Array.from({length: 4}, () => ['create', {name: 'ada'}] as const);
    const answers = await race(t, place, actions);
    t.is(count(answers, 'taken'), 3);
  },
);

onEachEngine(
  'of three admins that are demoted, disabled and deleted at once one is left',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const {db} = await open(t, place);
    const people: User[] = [];
    for (const name of ['ada', 'bob', 'cyd']) people.push(await person(db, name, {admin: 'yes'}));
    const answers = await race(
      t,
      place,
      ['demote', 'disable', 'delete'].map(
        (action, index) => [action, {id: people[index]?.id}] as const,
      ),
    );
    t.is(count(answers, 'done'), 2);
    t.is(count(answers, 'last-admin'), 1);
    const left = (await listUsers(db, {limit: 9})).filter((one) => one.isAdmin && one.isEnabled);
    t.is(left.length, 1);
  },
);

onEachEngine('of four owners that leave and step down at once one is left', async (t, engine) => {
  const place = await engine.fresh(t);
  const {db} = await open(t, place);
  const people: User[] = [];
  for (const name of ['ada', 'bob', 'cyd', 'dan']) people.push(await person(db, name));
  const [first, ...others] = people;
  const ownerId = first?.id ?? '';
  const {id: teamId} = made(await createTeam(db, {name: teamName('crew'), ownerId, now}));
  for (const {id} of others) {
    t.is(await addMember(db, {teamId, userId: id, role: 'owner', now}), 'done');
  }
  const answers = await race(
    t,
    place,
    people.map(({id}, index) => [index % 2 === 0 ? 'leave' : 'stepDown', {teamId, userId: id}]),
  );
  t.is(count(answers, 'done'), 3);
  t.is(count(answers, 'last-owner'), 1);
  const members = await listMembers(db, {teamId, limit: 9});
  t.is(members.filter(({role}) => role === 'owner').length, 1);
});

onEachEngine(
  'what was promised before a kill -9 in the middle of writes is there, whole',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const promised = new Set<string>();
    for (let round = 1; round <= 3; round += 1) {
      const actors = await Promise.all(
        ['a', 'b'].map(async (name) =>
          startActor(t, place, 'createForEver', {name: `${name}${round}`}),
        ),
      );
      const written = await Promise.all(actors.map(async ({killAfter}) => killAfter(5 * round)));
      for (const name of written.flat()) promised.add(name);
    }
    t.true(promised.size >= 60);
    const {db} = await open(t, place);
    if (engine.name === 'sqlite') {
      const {rows} = await sql`pragma integrity_check`.execute(db);
      t.deepEqual(rows, [{integrity_check: 'ok'}]);
      t.deepEqual((await sql`pragma foreign_key_check`.execute(db)).rows, []);
    }
    const present = await db.selectFrom('users').select('name').execute();
    const names = new Set<string>(present.map(({name}) => name));
    t.deepEqual(
      [...promised].filter((name) => !names.has(name)),
      [],
    );
    // Each was made with all that is his, or not at all.
    t.is(await readRevision(db), present.length);
    for (const table of ['memberships', 'teams', 'namespaces'] as const) {
      const rowsOf = await db.selectFrom(table).select('created_at').execute();
      t.is(rowsOf.length, present.length + (table === 'memberships' ? 0 : 1), table);
    }
  },
);

onEachEngine(
  'a process killed -9 in a transaction leaves nothing of it, and frees the lock',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const {db} = await open(t, place);
    const ada = await person(db, 'ada');
    const {killAfter} = await startActor(t, place, 'hang');
    t.deepEqual(await killAfter(1), ['the memberships are deleted']);
    t.is((await db.selectFrom('memberships').select('role').execute()).length, 1);
    t.is(await setAdmin(db, {id: ada.id, isAdmin: true, now}), 'done');
    t.true((await findUserByName(db, 'ada'))?.isAdmin);
  },
);
