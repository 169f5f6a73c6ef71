/** How somebody who has signed in becomes the first admin. What setup makes over HTTP, and what the start prints, is in test/cli. */
import {access, readFile, stat} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {FirstAdmin} from '../../src/auth/first-admin.ts';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {configSchema} from '../../src/config/schema.ts';
import {setEnabled} from '../../src/metadata/accounts.ts';
import type {Database} from '../../src/metadata/database.ts';
import {findUser} from '../../src/metadata/users.ts';
import {freshDatabase, now, person} from '../metadata/workbench.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {keptLog} from './workbench.ts';

const origin = {address: '192.0.2.1'};
const wrong = 'AAAAA-AAAAA-AAAAA-AAAAA';

interface Start {
  readonly db: Database['db'];
  readonly firstAdmin: FirstAdmin;
  readonly code: string;
  readonly file: string;
  readonly changes: () => number;
}

async function start(t: ExecutionContext, firstLogin: 'code' | 'open' = 'code'): Promise<Start> {
  const db = await freshDatabase(t);
  let changes = 0;
  const firstAdmin = new FirstAdmin({
    db,
    hasher: new PasswordHasher(),
    config: configSchema.parse({admin: {firstLogin}}),
    directory: await temporaryDirectory(t),
    onChange: () => (changes += 1),
    findNameElsewhere: () => Promise.resolve(undefined),
    log: keptLog().log,
    now: () => new Date(now),
  });
  const {code: {text: code, file} = {text: '', file: ''}} = await firstAdmin.prepare();
  return {db, firstAdmin, code, file, changes: () => changes};
}

test('whoever has signed in and has the code becomes the admin, and the code is gone', async (t) => {
  const {db, firstAdmin, code, file, changes} = await start(t);
  t.is((await readFile(file, 'utf8')).trim(), code);
  t.is((await stat(file)).mode & 0o777, 0o600);
  const anna = await person(db, 'anna');
  t.is(await firstAdmin.claim({code: ` ${code.toLowerCase()}\n`, origin}, anna), 'done');
  // What was issued to him before says that he is none.
  t.like(await findUser(db, anna.id), {isAdmin: true, generation: anna.generation + 1});
  t.is(changes(), 1);
  await t.throwsAsync(access(file), {code: 'ENOENT'});
  const bert = await person(db, 'bert');
  t.deepEqual(await firstAdmin.claim({code, origin}, bert), {outcome: 'over'});
  t.like(await findUser(db, bert.id), {isAdmin: false});
  t.like(await firstAdmin.prepare(), {hasAdmin: true});
});

test('without the code, or with another, nobody becomes it', async (t) => {
  const {db, firstAdmin, code, file} = await start(t);
  const anna = await person(db, 'anna');
  for (const given of [undefined, '', wrong, code.slice(0, -1), `${code}A`]) {
    t.deepEqual(await firstAdmin.claim({code: given, origin}, anna), {outcome: 'wrong-code'});
  }
  t.like(await findUser(db, anna.id), {isAdmin: false});
  t.is((await readFile(file, 'utf8')).trim(), code);
});

test('after ten wrong codes an address has to wait, and others have not', async (t) => {
  const {db, firstAdmin, code} = await start(t);
  const anna = await person(db, 'anna');
  const guesses = await Promise.all(
    Array.from({length: 12}, async () => firstAdmin.claim({code: wrong, origin}, anna)),
  );
  t.is(guesses.filter((each) => each !== 'done' && each.outcome === 'wrong-code').length, 10);
  const limited = {outcome: 'limited', retryAfter: 600};
  t.deepEqual(await firstAdmin.claim({code, origin}, anna), limited);
  t.is(await firstAdmin.claim({code, origin: {address: '192.0.2.2'}}, anna), 'done');
});

test('of people who claim it at once exactly one gets it', async (t) => {
  const {db, firstAdmin, code} = await start(t);
  const people = await Promise.all(['anna', 'bert', 'cora'].map(async (name) => person(db, name)));
  const answers = await Promise.all(
    people.map(async (each) => firstAdmin.claim({code, origin}, each)),
  );
  t.is(answers.filter((each) => each === 'done').length, 1);
  const found = await Promise.all(people.map(async ({id}) => findUser(db, id)));
  t.is(found.filter((each) => each?.isAdmin).length, 1);
});

test('who is disabled does not get it, and leaves it to others', async (t) => {
  const {db, firstAdmin, code} = await start(t);
  const [anna, bert] = [await person(db, 'anna'), await person(db, 'bert')];
  await setEnabled(db, {id: anna.id, isEnabled: false, now});
  t.not(await firstAdmin.claim({code, origin}, anna), 'done');
  t.like(await findUser(db, anna.id), {isAdmin: false});
  t.is(await firstAdmin.claim({code, origin}, bert), 'done');
});

test('where nobody is asked for a code, the first to sign in is the admin, and no other', async (t) => {
  const {db, firstAdmin, code} = await start(t, 'open');
  t.is(code, '');
  const [anna, bert] = [await person(db, 'anna'), await person(db, 'bert')];
  t.is(await firstAdmin.claim({code: undefined, origin}, anna), 'done');
  t.deepEqual(await firstAdmin.claim({code: undefined, origin}, bert), {outcome: 'over'});
});
