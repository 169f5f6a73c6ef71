/** `holdfast webhook ...`, on the host of the server and from elsewhere. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {until} from '../support/raw-request.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {secret} from '../support/secrets.ts';
import {bench, runningBench} from './administration-workbench.ts';

const password = secret('correct horse');
const signing = secret('a signing secret');

async function startServer(t: ExecutionContext) {
  const server = await runningBench(t, {
    HOLDFAST_ADMIN_PASSWORD: password,
    HOLDFAST_NOTIFICATIONS_ALLOWED_TARGETS: '127.0.0.1',
  });
  const {stdout} = await server.run('app-token create --user admin --name here');
  await writeFile(join(server.cwd, 'token'), `admin:${stdout.trim()}\n`, {mode: 0o600});
  await writeFile(join(server.cwd, 'signing'), `${signing}\n`);
  return server;
}

for (const where of ['here', 'elsewhere']) {
  test(`a webhook is made, tried, looked at, changed and deleted by a command ${where}`, async (t) => {
    t.timeout(120_000, 'a command takes a second');
    const {run, json, url} = await startServer(t);
    const receiver = await startReceiver(t);
    const words = where === 'here' ? [] : ['--server', url, '--token-file', 'token'];
    const ask = async (line: string) =>
      json([...line.split(' '), ...words]) as Promise<{id: string}>;
    const say = async (line: string) => run([...line.split(' '), ...words]);
    const shape = '--action push --action delete --repository app --secret-file signing';
    const {id} = await ask(`webhook create admin ci ${receiver.url} ${shape} --header X-From:here`);
    t.like(await ask(`webhook show ${id}`), {
      namespace: 'admin',
      name: 'ci',
      actions: ['push', 'delete'],
      repositories: ['app'],
      headers: ['X-From'],
      hasSecret: true,
    });
    t.like(await ask('webhook list --namespace admin'), {webhooks: [{id}]});
    t.regex(
      (await say('webhook list --namespace admin')).stdout,
      /^ID +NAMESPACE +NAME[^]*push,delete/,
    );
    const {id: trial} = await ask(`webhook test ${id}`);
    const [request] = await receiver.count(1);
    t.is(request?.headers['x-from'], 'here');
    t.regex(String(request?.headers['webhook-signature']), /^v1,/);
    await until(async () => {
      const {deliveries} = (await ask(`webhook deliveries ${id}`)) as unknown as {
        deliveries: {state: string}[];
      };
      return deliveries[0]?.state === 'delivered';
    });
    t.regex(
      (await say(`webhook delivery ${id} ${trial}`)).stdout,
      /sent: +POST http[^]*"action":"test"/,
    );
    await ask(`webhook resend ${id} ${trial}`);
    await receiver.count(2);
    t.like(await ask(`webhook change ${id} --disable --name other`), {
      isEnabled: false,
      name: 'other',
    });
    t.is((await say(`webhook delete ${id} --yes`)).stdout, 'deleted the webhook other\n');
    t.like(await say(`webhook show ${id}`), {code: 1});
  });
}

test('a webhook to an address inside is refused, and it is told which setting allows it', async (t) => {
  const {run} = await bench(t);
  await run('user create admin --password-stdin', password);
  const {code, stderr} = await run('webhook create admin ci http://10.0.0.1/');
  t.is(code, 2);
  t.regex(stderr, /url 10\.0\.0\.1 is no public address.*notifications\.allowedTargets/);
});

test('a secret that can not be read, and a header without a colon, are told', async (t) => {
  const {run} = await bench(t);
  await run('user create admin --password-stdin', password);
  const create = 'webhook create admin ci https://ci.example.org';
  t.regex((await run(`${create} --secret-file none`)).stderr, /none does not exist/);
  t.regex((await run(`${create} --header X`)).stderr, /--header X: it must be NAME: VALUE/);
});
