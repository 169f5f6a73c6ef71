/** What the metrics tell of logins, tokens and accounts. */
import {X509Certificate} from 'node:crypto';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {hash} from 'bcryptjs';
import {openSigningKeys} from '../../src/auth/signing-keys.ts';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {basic, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {startInProcess} from '../support/in-process.ts';
import {findValue, metrics, scrape, valueOf} from '../support/metrics.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {opensslPair} from '../tls/workbench.ts';

const expiry = 'holdfast_token_certificate_expiry_timestamp_seconds';
const since = 'holdfast_token_key_since_timestamp_seconds';
const age = 'holdfast_accounts_age_seconds';

const logins = async (holdfast: WithAccounts, outcome: string): Promise<number | undefined> =>
  findValue(holdfast, `holdfast_logins_total{outcome="${outcome}"}`);

const requests = async (holdfast: WithAccounts, proof: string, outcome: string) =>
  findValue(holdfast, `holdfast_token_requests_total{proof="${proof}",outcome="${outcome}"}`);

const endOf = (pem: string): number => new X509Certificate(pem).validToDate.getTime() / 1000;

test('logins are counted by outcome, on /v2 as at the realm, and out of the cache as well', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics});
  const {id} = await holdfast.person('anna');
  t.is(await logins(holdfast, 'accepted'), 0);
  const anna = holdfast.as(basic('anna'));
  for (const path of ['/auth/token', '/v2/', '/v2/']) await anna.get(path).expect(200);
  t.is(await logins(holdfast, 'accepted'), 3);

  await holdfast.as(basic('anna', 'wrong')).get('/v2/').expect(401);
  await holdfast.as(basic('nobody')).get('/auth/token').expect(401);
  t.is(await logins(holdfast, 'bad-credentials'), 2);

  const expired = await holdfast.applicationToken('anna', {expiresAt: Date.now() - 1});
  await holdfast.as(basic('anna', expired)).get('/v2/').expect(401);
  t.is(await logins(holdfast, 'expired-token'), 1);

  await holdfast.person('root', {admin: 'yes'});
  t.is(await setEnabled(holdfast.db, {id, isEnabled: false, now: Date.now()}), 'done');
  await until(async () => (await anna.get('/v2/')).status === 401);
  t.true(Number(await logins(holdfast, 'disabled')) >= 1);
});

test('a name that is locked is counted once, and what it is refused from then on apart', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics, auth: {failures: 3}});
  await holdfast.person('anna');
  for (const status of [401, 401, 401, 429, 429]) {
    await holdfast.as(basic('anna', 'wrong')).get('/v2/').expect(status);
  }
  t.is(await findValue(holdfast, 'holdfast_login_locks_total'), 1);
  t.is(await logins(holdfast, 'bad-credentials'), 3);
  t.is(await logins(holdfast, 'locked'), 2);
});

test('an address that is limited is counted, and locks no name', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics, auth: {attemptsPerMinute: 2}});
  for (const [name, status] of [
    ['a', 401],
    ['b', 401],
    ['c', 429],
  ] as const) {
    await holdfast.as(basic(name)).get('/v2/').expect(status);
  }
  t.is(await logins(holdfast, 'rate-limited'), 1);
  t.is(await findValue(holdfast, 'holdfast_login_locks_total'), 0);
});

test('logins that could not be checked are counted, and names that somebody else has', async (t) => {
  const htpasswd = join(await temporaryDirectory(t), 'htpasswd');
  await writeFile(htpasswd, `anna:${await hash('from the file', 4)}\n`);
  const holdfast = await startWithAccounts(t, {metrics, auth: {htpasswd}});
  await holdfast.person('bert');
  await holdfast.namespace('anna', 'user:bert');
  await holdfast.as(basic('anna', 'from the file')).get('/v2/').expect(401);
  t.is(await logins(holdfast, 'name-taken'), 1);
  await rm(htpasswd);
  await holdfast.as(basic('cleo')).get('/v2/').expect(503);
  t.is(await logins(holdfast, 'unavailable'), 1);
});

test('requests for tokens are counted by what proved who asks, and by outcome', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics});
  const {id} = await holdfast.person('anna');
  await holdfast.person('root', {admin: 'yes'});
  const anna = holdfast.as(basic('anna'));
  await holdfast.api.get('/auth/token').expect(200);
  const answer = await anna.get('/auth/token?offline_token=true').expect(200);
  const refresh = async () =>
    holdfast.api
      .post('/auth/token')
      .type('form')
      .send({
        grant_type: 'refresh_token',
        refresh_token: (answer.body as {refresh_token: string}).refresh_token,
      });
  t.is((await refresh()).status, 200);
  t.is(await setEnabled(holdfast.db, {id, isEnabled: false, now: Date.now()}), 'done');
  t.is((await refresh()).status, 401);
  await holdfast.api.get('/auth/token?service=strange').expect(400);
  await holdfast.as(basic('nobody')).get('/auth/token').expect(401);
  for (const [proof, outcome, count] of [
    ['none', 'issued', 1],
    ['none', 'invalid', 1],
    ['password', 'issued', 1],
    ['password', 'refused', 1],
    ['refresh-token', 'issued', 1],
    ['refresh-token', 'login-required', 1],
    ['refresh-token', 'refused', 0],
  ] as const) {
    t.is(await requests(holdfast, proof, outcome), count, `${proof} ${outcome}`);
  }
});

test('whatever strangers call themselves, no name comes into the metrics, and the labels stay few', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics});
  const series = async () =>
    [...(await scrape(holdfast)).matchAll(/^holdfast_(?:login|token_requests)\S+/gm)].length;
  const before = await series();
  for (let index = 0; index < 20; index += 1) {
    await holdfast.as(basic(`stranger-${index}`)).get('/auth/token?service=strange-service');
    await holdfast.as(basic(`stranger-${index}`)).get('/v2/');
  }
  t.is(await series(), before);
  t.notRegex(await scrape(holdfast), /strange/);
});

test('the metrics know when the certificate of tokens ends: without TLS, of the pair that lies there', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const certs = join(dataDir, 'certs');
  await mkdir(certs);
  const [certificate, key] = [join(certs, 'server.crt'), join(certs, 'server.key')];
  await opensslPair(certificate, key, 'PKCS#8', {days: 20});
  const startedAt = Date.now() / 1000;
  const holdfast = await startWithAccounts(t, {dataDir, metrics});
  t.is(await valueOf(holdfast, expiry), endOf(await readFile(certificate, 'utf8')));
  t.is(await valueOf(holdfast, 'holdfast_certificate_expiry_timestamp_seconds'), 0);
  const signsSince = await valueOf(holdfast, since);
  t.true(signsSince >= startedAt - 1 && signsSince <= Date.now() / 1000, String(signsSince));
});

test('with TLS it is the certificate in use, or that of the key that tokens have for themselves', async (t) => {
  const tls = {mode: 'self-signed'} as const;
  const auth = {mode: 'accounts'} as const;
  const shared = await startInProcess(t, {metrics, tls, auth});
  const served = await valueOf(shared, 'holdfast_certificate_expiry_timestamp_seconds');
  t.true(served > 0);
  t.is(await valueOf(shared, expiry), served);
  const own = await startInProcess(t, {metrics, tls, auth, token: {key: 'ES256'}});
  const pem = await readFile(join(own.dataDir, 'keys/token-ES256.pem'), 'utf8');
  t.is(await valueOf(own, expiry), endOf(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))));
});

test('a rotation by another process shows in the metrics', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics, token: {key: 'ES256'}});
  const before = await valueOf(holdfast, since);
  const ignore = (): void => undefined;
  const keys = await openSigningKeys({
    directory: join(holdfast.dataDir, 'keys'),
    kind: 'ES256',
    trustFor: 60_000,
    log: {debug: ignore, info: ignore, warn: ignore, error: ignore},
    pollInterval: 0,
  });
  await keys.rotate();
  await keys.close();
  await until(async () => (await valueOf(holdfast, since)) > before);
  t.true((await valueOf(holdfast, since)) > before);
});

test('the metrics tell how old the knowledge of accounts is, and nothing of it without accounts', async (t) => {
  const seconds = await findValue(await startWithAccounts(t, {metrics}), age);
  t.true(seconds !== undefined && seconds >= 0 && seconds < 5, String(seconds));
  const without = await startInProcess(t, {metrics});
  for (const name of [age, expiry, since]) t.is(await findValue(without, name), undefined);
});
