/** `holdfast events`: through the server of this host, and by the API of one elsewhere. */
import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import supertest from 'supertest';
import {basic} from '../support/accounts.ts';
import {pushImage} from '../support/content.ts';
import {freePort} from '../support/ports.ts';
import {secret} from '../support/secrets.ts';
import {bench, runningBench} from './administration-workbench.ts';
import {holdfast, said, startCommand} from './holdfast.ts';

const password = secret('correct horse');

type Running = Awaited<ReturnType<typeof runningBench>>;

const pushTo = async ({url}: Pick<Running, 'url'>, name: string, tag: string) => {
  const api = supertest.agent(url).set('Authorization', basic('admin', password));
  return pushImage(api, name, {tag, annotations: {tag}});
};

/** A server with three events, and the words that ask it from elsewhere. */
async function openBench(t: ExecutionContext) {
  const made = await runningBench(t, {HOLDFAST_ADMIN_PASSWORD: password});
  const {stdout} = await made.run('app-token create --user admin --name here');
  await writeFile(join(made.cwd, 'token'), `admin:${stdout.trim()}\n`, {mode: 0o600});
  const elsewhere = ['--server', made.url, '--token-file', join(made.cwd, 'token')];
  const first = await pushTo(made, 'admin/saw', 'v1');
  await pushTo(made, 'admin/axe', 'v1');
  await pushTo(made, 'admin/saw', 'v2');
  const here = ['--data-dir', join(made.cwd, 'data')];
  return {...made, first, ways: {here, elsewhere}};
}

const numbers = (text: string) =>
  (JSON.parse(text) as {events: {seq: number}[]}).events.map(({seq}) => seq);

test('what has happened is listed the same here and from elsewhere', async (t) => {
  const {cwd, ways, first} = await openBench(t);
  for (const way of Object.values(ways)) {
    const ask = async (line: string) => {
      const ended = await holdfast([...line.split(' '), ...way], {cwd});
      t.is(ended.code, 0, ended.stderr);
      return ended.stdout;
    };
    t.deepEqual(numbers(await ask('events --json')), [1, 2, 3]);
    t.deepEqual(numbers(await ask('events --json --limit 2')), [2, 3]);
    t.deepEqual(numbers(await ask('events --json --after 0 --limit 2')), [1, 2]);
    t.deepEqual(numbers(await ask('events --json --repository admin/axe')), [2]);
    t.deepEqual(numbers(await ask('events --json --namespace admin --after 2')), [3]);
    t.deepEqual(numbers(await ask('events --json --namespace other')), []);
    const [line] = (await ask('events')).split('\n');
    t.regex(line ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}push {4}admin\/saw:v1 {2}sha256:/);
    t.true(line?.endsWith(`${first.digest.slice(0, 19)}  by admin`), line);
    for (const wrong of ['--after x', '--limit 0', '--repository ../x']) {
      const ended = await holdfast([...`events ${wrong}`.split(' '), ...way], {cwd});
      t.is(ended.code, wrong.startsWith('--repository') && way === ways.elsewhere ? 0 : 2, wrong);
    }
  }
});

for (const way of ['here', 'elsewhere'] as const) {
  test(`${way}, --follow shows what happens as it happens, and ends with Ctrl-C`, async (t) => {
    const made = await openBench(t);
    const args = ['events', '--follow', '--json', '--limit', '1', ...made.ways[way]];
    const child = startCommand(t, args, {cwd: made.cwd});
    const exited = once(child, 'exit');
    await said(child, 'stdout', /"seq":3,/);
    await pushTo(made, 'admin/new', 'v1');
    const line = await said(child, 'stdout', /\n/);
    t.like(JSON.parse(line), {seq: 4, action: 'push', repository: 'admin/new', tag: 'v1'});
    child.kill('SIGINT');
    t.deepEqual(await exited, [0, null]);
  });
}

test('who follows from elsewhere is told that the server is away, waits for it, and misses nothing', async (t) => {
  const port = await freePort(t);
  const env = {HOLDFAST_HTTP_LISTEN: `127.0.0.1:${port}`, HOLDFAST_ADMIN_PASSWORD: password};
  const place = await bench(t);
  const serve = async () => {
    const args = ['serve', '--tls', 'off', '--auth', 'accounts'];
    const child = startCommand(t, args, {cwd: place.cwd, env});
    await said(child, 'stderr', /docker push .*\n/);
    return child;
  };
  const url = `http://127.0.0.1:${port}`;
  const first = await serve();
  const {stdout} = await place.run('app-token create --user admin --name here');
  await writeFile(join(place.cwd, 'token'), `admin:${stdout.trim()}\n`, {mode: 0o600});
  const words = ['--server', url, '--token-file', 'token'];
  await pushTo({url}, 'admin/saw', 'v1');
  const child = startCommand(t, ['events', '--follow', ...words], {cwd: place.cwd});
  await said(child, 'stdout', /admin\/saw:v1/);
  const gone = once(first, 'exit');
  first.kill('SIGTERM');
  await gone;
  await said(child, 'stderr', /it is tried again\n/);
  await serve();
  await pushTo({url}, 'admin/saw', 'v2');
  t.regex(await said(child, 'stdout', /\n/), /^[^\n]*admin\/saw:v2[^\n]*\n$/);
});

test('without a server there is nothing to tell, and it says so', async (t) => {
  const made = await bench(t);
  const {code, stderr} = await made.run('events');
  t.is(code, 1);
  t.regex(stderr, /no server runs/);
});
