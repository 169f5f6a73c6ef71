/** What becomes of tokens when the TLS pair, whose key signs them, is renewed. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {decodeProtectedHeader} from 'jose';
import {basic, bearer, startWithAccounts} from '../support/accounts.ts';
import {run} from '../support/command.ts';
import {until} from '../support/raw-request.ts';
import {secret} from '../support/secrets.ts';

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

test('a token of before counts right after `certificate renew --force`, and the new key signs the next', async (t) => {
  const holdfast = await startWithAccounts(t, {tls: {mode: 'self-signed'}});
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
  await run(process.execPath, [cli, ...words]);
  const count = (message: string) => holdfast.log.filter(({msg}) => msg === message).length;
  await until(() => count('certificate reloaded') === 1);
  t.is(await status(bearer(former)), 200);
  await until(() => count('key of tokens in force') === 2);
  t.is(await status(bearer(former)), 200);
  const next = await issue();
  t.is(await status(bearer(next)), 200);
  t.not(decodeProtectedHeader(next).kid, decodeProtectedHeader(former).kid);
});
