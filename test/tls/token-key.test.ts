/** What becomes of tokens when the TLS pair, whose key signs them, is renewed. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as pass} from 'node:timers/promises';
import test from 'ava';
import {decodeProtectedHeader} from 'jose';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
import {basic, bearer, startWithAccounts} from '../support/accounts.ts';
import {run} from '../support/command.ts';
import {until} from '../support/raw-request.ts';
import {secret} from '../support/secrets.ts';
import {entry} from '../support/serve-process.ts';

/**
 * A start that takes its time between the pair, which is looked at every five seconds, and the keys, every two: so the keys do not come to the new
 * pair by themselves in the same moment.
 */
function slowStart(): System {
  let isFirst = true;
  const mkdir: System['mkdir'] = async (path) => {
    if (isFirst) {
      isFirst = false;
      await pass(2200);
    }
    return realSystem.mkdir(path);
  };
  return {...realSystem, mkdir};
}

test('a token of before counts right after `certificate renew --force`, and the new key signs the next', async (t) => {
  const holdfast = await startWithAccounts(t, {tls: {mode: 'self-signed'}, system: slowStart()});
  await holdfast.person('anna');
  const ca = await readFile(join(holdfast.dataDir, 'certs/ca.crt'), 'utf8');
  const status = async (authorization: string) =>
    (await holdfast.api.get('/v2/').ca(ca).set('Authorization', authorization)).status;
  const issue = async (): Promise<string> => {
    const request = holdfast.api.get('/auth/token').ca(ca).set('Authorization', basic('anna'));
    const answer = await request.expect(200);
    return secret((answer.body as {readonly token: string}).token);
  };
  const former = await issue();
  t.is(await status(bearer(former)), 200);

  const words = ['certificate', 'renew', '--force', '--data-dir', holdfast.dataDir];
  await run(process.execPath, [entry, ...words]);
  const count = (message: string) => holdfast.log.filter(({msg}) => msg === message).length;
  await until(() => count('certificate reloaded') === 1);
  t.is(await status(bearer(former)), 200);
  await until(() => count('key of tokens in force') === 2);
  const last = (message: string) =>
    Date.parse(String(holdfast.log.findLast(({msg}) => msg === message)?.['time']));
  const later = last('key of tokens in force') - last('certificate reloaded');
  t.true(later < 900, `the key followed ${later} ms after the pair`);
  t.is(await status(bearer(former)), 200);
  const next = await issue();
  t.is(await status(bearer(next)), 200);
  t.not(decodeProtectedHeader(next).kid, decodeProtectedHeader(former).kid);
});
