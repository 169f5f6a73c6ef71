/** A process that opens the database that argv[2] tells of, says so, waits for a line, does argv[3] with argv[4], and answers in JSON. */
import {sealBatch} from '../../src/auth/activities/seal.ts';
import {createPerson, deleteUser, setAdmin, setEnabled} from '../../src/metadata/accounts.ts';
import {claimFirstAdmin} from '../../src/metadata/claims.ts';
import {
  type Database,
  type DatabasePlace,
  migrateDatabase,
  openDatabase,
} from '../../src/metadata/database.ts';
import {changeRole, removeMember} from '../../src/metadata/memberships.ts';
import {changing} from '../../src/metadata/revisions.ts';
import {now, userName} from './workbench.ts';

const [, , placeJson = '{}', action = '', json = '{}'] = process.argv;
const place = JSON.parse(placeJson) as DatabasePlace;
const input = JSON.parse(json) as Record<string, string>;
const {id = '', teamId = '', userId = '', name = ''} = input;

const actions: Record<string, (db: Database['db']) => Promise<unknown>> = {
  claim: async (db) => claimFirstAdmin(db, {id, now}),
  demote: async (db) => setAdmin(db, {id, isAdmin: false, now}),
  disable: async (db) => setEnabled(db, {id, isEnabled: false, now}),
  delete: async (db) => deleteUser(db, {id, namespaces: 'delete'}),
  leave: async (db) => removeMember(db, {teamId, userId}),
  stepDown: async (db) => changeRole(db, {teamId, userId, role: 'viewer'}),
  create: async (db) => createPerson(db, {name: userName(name), admin: 'if-first', now}),
  seal: async (db) => {
    const key = {id: 'k', sign: () => 'm'};
    let count = 0;
    for (;;) {
      const seal = await sealBatch(db, {key, now: new Date(now + 3_600_000)});
      if (!seal) return count;
      count += seal.count;
    }
  },
  // A line for each that was promised.
  createForEver: async (db) => {
    for (let number = 1; ; number += 1) {
      await createPerson(db, {name: userName(`${name}-${number}`), now});
      console.log(`${name}-${number}`);
    }
  },
  // Holds the lock until it is killed.
  hang: async (db) =>
    changing(db, async (turn) => {
      await turn.deleteFrom('memberships').execute();
      console.log('the memberships are deleted');
      return new Promise<true>(() => setInterval(() => undefined, 1000));
    }),
};

async function go(): Promise<void> {
  console.log('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
}

if (action === 'migrate') {
  await go();
  console.log(JSON.stringify(await migrateDatabase(place)));
} else {
  const {db, close} = await openDatabase(place);
  await go();
  console.log(JSON.stringify((await actions[action]?.(db)) ?? null));
  await close();
}
