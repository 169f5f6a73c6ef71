/** What the API tells admins of the running server: keys, configuration, index, and what it runs on. */
import {join} from 'node:path';
import test from 'ava';
import supertest from 'supertest';
import {SealKeys} from '../../../src/auth/activities/seal-keys.ts';
import {z} from 'zod';
import {basic, startWithAccounts} from '../../support/accounts.ts';
import {pushImage} from '../../support/content.ts';
import {until} from '../../support/raw-request.ts';
import {secret} from '../../support/secrets.ts';
import {startServe} from '../../support/serve-process.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {WebClient} from '../../support/web-client.ts';
import {itemOf, itemsOf, startApi} from './workbench.ts';

test('certificates and keys are told with their ends, and nothing private of them', async (t) => {
  const holdfast = await startWithAccounts(t, {tls: {mode: 'self-signed'}});
  await holdfast.person('root', {admin: 'yes'});
  const headers = {Authorization: basic('root')};
  const {body} = await new WebClient().get(`${holdfast.url}/api/v1/certificates`, {headers});
  const keys = z
    .array(
      z.object({
        kind: z.string(),
        id: z.string(),
        state: z.string(),
        until: z.string().nullable(),
        days_left: z.number().nullable(),
      }),
    )
    .parse(JSON.parse(body));
  const kinds = keys.map(({kind}) => kind);
  for (const kind of ['authority', 'server', 'token-signing']) t.true(kinds.includes(kind), kind);
  const server = keys.find(({kind}) => kind === 'server');
  t.true((server?.days_left ?? 0) > 30);
  t.true(new Date(server?.until ?? 0) > new Date());
  t.notRegex(body, /PRIVATE|secret/);
});

test('the key that seals activities is told once it is there, without what it is', async (t) => {
  const holdfast = await startApi(t);
  const {id} = await new SealKeys(join(holdfast.dataDir, 'keys')).current(new Date());
  const answer = await holdfast.by('root').get('/api/v1/certificates').expect(200);
  const seal = itemsOf(answer).find(({kind}) => kind === 'activity-seal');
  t.like(seal, {id, state: 'active', name: 'HMAC-SHA256', until: null});
  t.false(JSON.stringify(answer.body).includes('secret'));
});

test('the configuration is told with where each value comes from, and no secret', async (t) => {
  const directory = await temporaryDirectory(t);
  const password = secret('the password of the first admin');
  const {url} = await startServe(t, {
    configFile: join(directory, 'holdfast.yaml'),
    config: {
      dataDir: join(directory, 'data'),
      tls: {mode: 'off'},
      http: {listen: ['127.0.0.1:0']},
      admin: {password},
    },
    env: {HOLDFAST_AUTH_LOCK_FOR: '7m'},
  });
  const api = supertest.agent(url).set('Authorization', basic('admin', password));
  const answer = await api.get('/api/v1/configuration').expect(200);
  const {file, settings} = z
    .object({
      file: z.string(),
      settings: z.array(
        z.object({
          path: z.string(),
          value: z.unknown(),
          origin: z.string(),
          origin_detail: z.string().nullable(),
        }),
      ),
    })
    .parse(answer.body);
  t.is(file, join(directory, 'holdfast.yaml'));
  const of = (path: string) => settings.find((each) => each.path === path);
  t.like(of('auth.lockFor'), {
    value: '7m',
    origin: 'environment',
    origin_detail: 'HOLDFAST_AUTH_LOCK_FOR',
  });
  t.like(of('tls.mode'), {value: 'off', origin: 'file'});
  t.like(of('auth.failures'), {value: 10, origin: 'default'});
  t.is(of('admin.password')?.origin, 'file');
  t.false(answer.text.includes(password));
});

test('an admin starts a comparison of the index, and sees what came of it', async (t) => {
  const holdfast = await startApi(t);
  const root = holdfast.by('root');
  await pushImage(root, 'root/app', {tag: 'v1'});
  const idle = async () => itemOf(await root.get('/api/v1/index').expect(200))['running'] === null;
  await until(idle);
  await root.post('/api/v1/index/reindex').expect(202);
  await until(
    async () => (await idle()) && itemOf(await root.get('/api/v1/index'))['last'] !== null,
  );
  t.like(itemOf(await root.get('/api/v1/index')), {
    state: 'complete',
    running: null,
    last: {repositories: 1, gone: 0},
    problem: null,
  });
});

test('of comparisons that are asked for at once, one begins', async (t) => {
  const holdfast = await startApi(t);
  const root = holdfast.by('root');
  await until(async () => itemOf(await root.get('/api/v1/index'))['running'] === null);
  const answers = await Promise.all(
    Array.from({length: 20}, async () => root.post('/api/v1/index/reindex')),
  );
  const begun = answers.filter(({status}) => status === 202).length;
  t.true(begun > 0);
  t.true(answers.every(({status}) => status === 202 || status === 409));
  const path = '/api/v1/activities?key=index.reindex&per_page=100';
  const activities = itemsOf(await root.get(path).expect(200));
  t.is(activities.length, begun);
  t.like(activities[0], {actor: 'root', subject_kind: 'index'});
});

test('an admin is told what the server runs on', async (t) => {
  const {by, dataDir} = await startApi(t);
  const node = itemOf(await by('root').get('/api/v1/node').expect(200));
  t.like(node, {data_dir: dataDir, database: {engine: 'sqlite'}, node_version: process.version});
  t.like(node['storage'], {driver: 'filesystem'});
  const {total, available} = z
    .object({total: z.number(), available: z.number()})
    .parse(node['storage']);
  t.true(total >= available && available > 0);
});

test('nobody but an admin is told of the server', async (t) => {
  const {by, api} = await startApi(t);
  for (const path of ['certificates', 'configuration', 'index', 'node']) {
    t.is((await by('anna').get(`/api/v1/${path}`)).status, 403, path);
    t.is((await api.get(`/api/v1/${path}`)).status, 401, path);
  }
});
