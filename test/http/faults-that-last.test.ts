/** What fails with every request as long as it lasts is one line of the log, and not one a request. */
import {rename} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {sql} from 'kysely';
import {startWithAccounts} from '../support/accounts.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {signInHere} from '../support/sign-in.ts';

/** What an administrator sees who has not asked for debug. */
const linesOf = ({log}: Pick<InProcess, 'log'>, message: string) =>
  log.filter(({level, msg}) => msg === message && level !== 'debug');

const many = Array.from({length: 12}, (_, index) => index);

test('a database that fails is told once, without a stack, and each failure in full for debug', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signInHere(holdfast, 'anna');
  await sql`alter table users rename to users_away`.execute(holdfast.db);
  for (const page of many.map((each) =>
    each % 2 === 0 ? 'api/v1/users/anna' : 'api/v1/session',
  )) {
    t.is((await client.get(`${holdfast.url}/${page}`)).status, 500, page);
  }
  const told = linesOf(holdfast, 'the database refused a statement');
  t.is(told.length, 1);
  t.truthy(told[0]?.['finding']);
  t.false('err' in (told[0] ?? {}));
  const inFull = holdfast.log.filter(
    ({msg}) => msg === 'the database refused a statement, in full',
  );
  t.is(inFull.length, many.length);
  await sql`alter table users_away rename to users`.execute(holdfast.db);
  t.is((await client.get(`${holdfast.url}/api/v1/users/anna`)).status, 200);
});

test('a storage that is away is told once by requests and once by the readiness, with its place and without a stack', async (t) => {
  const holdfast = await startInProcess(t);
  const root = path.join(holdfast.dataDir, 'registry');
  await rename(root, `${root}-away`);
  for (const round of many) {
    await holdfast.api.post(`/v2/app${round}/blobs/uploads/`).expect(503);
    await holdfast.api.get('/readyz').expect(503);
  }
  for (const message of ['storage failed', 'not ready']) {
    const told = linesOf(holdfast, message);
    t.is(told.length, 1, message);
    t.true(JSON.stringify(told).includes(root), message);
    t.false('err' in (told[0] ?? {}), message);
  }
});
