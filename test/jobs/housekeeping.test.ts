/** The jobs that a server starts by itself. */
import test from 'ava';
import {startWithAccounts} from '../support/accounts.ts';
import {startUpload} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';

const jobInterval = 20;
const month = 30 * 86_400_000;

test('a running server removes from the disk an upload that nobody finished', async (t) => {
  const server = await startInProcess(t, {uploads: {expireAfter: '1ms'}, jobInterval});
  await startUpload(server.api, 'a');
  await until(async () => (await filesBelow(server, keys.uploads('a'))).length === 0);
  await until(() => server.log.some(({msg}) => msg === 'expired uploads removed'));
  t.true(server.log.some(({repository, removed}) => repository === 'a' && removed === 1));
});

test('a running server removes from the database an application token that ended a month ago', async (t) => {
  const holdfast = await startWithAccounts(t, {jobInterval});
  await holdfast.person('anna');
  await holdfast.applicationToken('anna', {expiresAt: Date.now() - month - 1000});
  await holdfast.applicationToken('anna', {expiresAt: Date.now() - month + 60_000});
  const tokens = holdfast.db.selectFrom('application_tokens').select('id');
  await until(async () => (await tokens.execute()).length < 2);
  t.is((await tokens.execute()).length, 1, 'the other one ended less than a month ago');
});
