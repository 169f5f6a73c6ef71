import {stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import test from 'ava';
import {secret} from '../support/secrets.ts';
import {holdfast} from './holdfast.ts';
import {bench, login, readCode, runningBench} from './administration-workbench.ts';

const password = secret('a:b%c"d ü €');

async function post(url: string, path: string, body: unknown) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {status: response.status, body: await response.text()};
}

const setup = (url: string, code: string, username = 'anna') =>
  post(url, '/api/v1/setup', {code, username, password});

test('the start prints the command and the code that make the admin, until there is one', async (t) => {
  const made = await runningBench(t);
  const code = await readCode(made.cwd);
  t.regex(made.welcome, /^Its pages are at http:\/\/localhost:\d+\/$/m);
  t.true(made.welcome.includes('user create admin'));
  t.regex(made.welcome, new RegExp(`^  http://localhost:\\d+/start#${code}$`, 'm'));
  t.is((await stat(join(made.cwd, 'data/run/setup-code'))).mode & 0o777, 0o600);
  t.like(await setup(made.url, code.toLowerCase()), {status: 201});
  t.is(await login(made.url, 'anna', password), 200);
  t.like(await made.json('user show anna'), {isAdmin: true});
  await t.throwsAsync(readCode(made.cwd), {code: 'ENOENT'});
  t.like(await setup(made.url, code, 'bert'), {status: 405});
  t.false(made.said().includes(password));
  await made.kill('SIGTERM');
  const again = await runningBench(t, {}, made.cwd);
  t.false(again.welcome.includes('no admin'));
});

test('the code is the same after a restart, and is in no line of the log', async (t) => {
  const made = await runningBench(t);
  const code = await readCode(made.cwd);
  await made.kill('SIGTERM');
  const lines = made
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  t.true(lines.length > 0);
  t.false(lines.some((line) => line.includes(code)));
  const next = await runningBench(t, {}, made.cwd);
  t.is(await readCode(next.cwd), code);
});

test('a wrong code is 403, and after ten of them even the right one is 429', async (t) => {
  const made = await runningBench(t);
  const code = await readCode(made.cwd);
  const wrong = await Promise.all(
    Array.from({length: 30}, async () => setup(made.url, 'AAAAA-AAAAA-AAAAA-AAAAA')),
  );
  t.is(wrong.filter(({status}) => status === 403).length, 10);
  t.is(wrong.filter(({status}) => status === 429).length, 20);
  t.like(await setup(made.url, code), {status: 429});
  t.deepEqual(await made.json('user list'), {users: []});
});

test('of setups at once with the right code exactly one makes an account', async (t) => {
  const made = await runningBench(t);
  const code = await readCode(made.cwd);
  const names = ['anna', 'bert', 'cora', 'dora'];
  const answers = await Promise.all(names.map(async (name) => setup(made.url, code, name)));
  t.is(answers.filter(({status}) => status === 201).length, 1);
  t.like(await made.json('user list'), {users: {length: 1}});
});

for (const [what, body, status] of [
  ['a short password', {username: 'anna', password: 'short'}, 422],
  ['a hostile name', {username: '../x', password}, 422],
  ['an unknown field', {username: 'anna', password, isAdmin: true}, 422],
  ['no JSON', `{"password": "${password}`, 400],
  ['a list', [], 422],
  ['300 KB', {username: 'anna', password: 'x'.repeat(300_000)}, 413],
] as const) {
  test(`setup with ${what} is ${status}, and tells no password`, async (t) => {
    const made = await runningBench(t);
    const code = await readCode(made.cwd);
    const given = typeof body === 'object' && 'username' in body ? {...body, code} : body;
    const answer = await post(made.url, '/api/v1/setup', given);
    t.is(answer.status, status, answer.body);
    t.false((answer.body + made.said()).includes(password));
  });
}

test('a form of another page makes no admin', async (t) => {
  const made = await runningBench(t);
  const code = await readCode(made.cwd);
  const response = await fetch(`${made.url}/api/v1/setup`, {
    method: 'POST',
    headers: {'content-type': 'text/plain'},
    body: JSON.stringify({code, username: 'anna', password}),
  });
  t.is(response.status, 415);
});

test('with admin.firstLogin open no code is asked for, once', async (t) => {
  const made = await runningBench(t, {HOLDFAST_ADMIN_FIRST_LOGIN: 'open'});
  t.regex(made.welcome, /no admin yet/);
  const anna = await post(made.url, '/api/v1/setup', {username: 'anna', password});
  t.is(anna.status, 201);
  const bert = await post(made.url, '/api/v1/setup', {username: 'bert', password});
  t.is(bert.status, 405);
});

test('HOLDFAST_ADMIN_PASSWORD makes the account admin where there is no account, and changes none', async (t) => {
  const made = await runningBench(t, {HOLDFAST_ADMIN_PASSWORD: password});
  t.is(await login(made.url, 'admin', password), 200);
  t.like(await made.json('user show admin'), {isAdmin: true});
  t.false(made.welcome.includes('no admin'));
  await made.kill('SIGTERM');
  t.false(made.said().includes(password));
  const again = await runningBench(t, {HOLDFAST_ADMIN_PASSWORD: 'another password'}, made.cwd);
  t.is(await login(again.url, 'admin', password), 200);
  t.is(await login(again.url, 'admin', 'another password'), 401);
});

test('HOLDFAST_ADMIN_PASSWORD makes no admin beside the one of Keystone in the place of StarlingX', async (t) => {
  const {cwd} = await bench(t);
  const keystone = {url: 'https://127.0.0.1:1/v3'};
  const settings = {
    namespaces: {policy: 'starlingx'},
    auth: {keystone},
    http: {listen: ['127.0.0.1:0']},
  };
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify(settings));
  const env = {HOLDFAST_ADMIN_PASSWORD: secret(password)};
  const {code, stderr} = await holdfast(['serve'], {cwd, env});
  t.is(code, 2, stderr);
  t.regex(stderr, /admin\.password: makes the account admin, who is somebody in Keystone already/);
  const made = await bench(t, cwd);
  t.deepEqual(await made.json('user list'), {users: []});
});

test('HOLDFAST_ADMIN_PASSWORD_FILE makes it as well', async (t) => {
  const {cwd} = await bench(t);
  const file = join(cwd, 'password');
  await writeFile(file, `${password}\n`, {mode: 0o600});
  const made = await runningBench(t, {HOLDFAST_ADMIN_PASSWORD_FILE: file}, cwd);
  t.is(await login(made.url, 'admin', password), 200);
});

test('a login at the token realm makes nobody the admin', async (t) => {
  const made = await runningBench(t, {HOLDFAST_AUTH_SIGN_UP: 'true'});
  const signedUp = await post(made.url, '/api/v1/users', {username: 'anna', password});
  t.is(signedUp.status, 201);
  t.is(await login(made.url, 'anna', password), 200);
  t.like(await made.json('user show anna'), {isAdmin: false});
});

test('sign-up that is off is 405, and on, of an address 20 an hour', async (t) => {
  const off = await runningBench(t);
  const refused = await post(off.url, '/api/v1/users', {username: 'anna', password});
  t.is(refused.status, 405);
  const on = await runningBench(t, {HOLDFAST_AUTH_SIGN_UP: 'true'});
  const answers = await Promise.all(
    Array.from({length: 25}, async (_, at) =>
      post(on.url, '/api/v1/users', {username: `user${at % 20}`, password}),
    ),
  );
  t.is(answers.filter(({status}) => status === 429).length, 5);
  t.like(await post(on.url, '/api/v1/users', {username: 'user1', password}), {status: 429});
});

/** Whether a question is answered so within a second. */
async function answers(ask: () => Promise<number>, wanted: number): Promise<boolean> {
  const end = performance.now() + 5000;
  while (performance.now() < end) {
    if ((await ask()) === wanted) return true;
    await wait(20);
  }
  return false;
}

test('a disabled user and a changed password count at once, also of tokens that were issued before', async (t) => {
  const made = await runningBench(t);
  for (const name of ['anna', 'bert']) {
    await made.run(`user create ${name} --password-stdin`, password);
  }
  const authorization = `Basic ${Buffer.from(`bert:${password}`).toString('base64')}`;
  const issued = async (): Promise<string> => {
    const query = 'service=holdfast&scope=repository:bert/x:pull';
    const answer = await fetch(`${made.url}/auth/token?${query}`, {headers: {authorization}});
    return ((await answer.json()) as {token: string}).token;
  };
  let token = await issued();
  const ask = async (): Promise<number> => {
    const {status, body} = await fetch(`${made.url}/v2/bert/x/tags/list`, {
      headers: {authorization: `Bearer ${token}`},
    });
    await body?.cancel();
    return status;
  };
  t.is(await ask(), 404);
  t.is((await made.run('user disable bert')).code, 0);
  t.true(await answers(ask, 401));
  t.is(await login(made.url, 'bert', password), 401);
  await made.run('user enable bert');
  t.is(await login(made.url, 'bert', password), 200);
  token = await issued();
  t.is(await ask(), 404);
  await made.run('user password bert --password-stdin', 'another password');
  t.true(await answers(ask, 401));
  t.is(await login(made.url, 'bert', password), 401);
  t.is(await login(made.url, 'bert', 'another password'), 200);
});

test('an application token and a robot log in until they are deleted', async (t) => {
  const made = await runningBench(t);
  await made.run('user create anna --password-stdin', password);
  await made.run('team create makers --owner anna');
  const token = (await made.run('app-token create --user anna --name x')).stdout.trim();
  const command = 'robot create ci --team makers --role viewer';
  const robot = (await made.run(command)).stdout.trim();
  t.is(await login(made.url, 'anna', token), 200);
  t.is(await login(made.url, 'ci', robot), 200);
  await made.run('app-token delete --user anna --name x');
  await made.run('robot delete ci');
  t.is(await login(made.url, 'anna', token), 401);
  t.is(await login(made.url, 'ci', robot), 401);
});
