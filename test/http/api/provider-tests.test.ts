/** Tests of directories and providers, asked of the running server. */
import test, {type ExecutionContext} from 'ava';
import {z} from 'zod';
import {listActivities} from '../../../src/metadata/activity-pages.ts';
import {keystonePrograms, startKeystone} from '../../support/keystone.ts';
import {startOidcProvider} from '../../support/oidc-provider.ts';
import {secret} from '../../support/secrets.ts';
import {base, startSlapd} from '../../support/slapd.ts';
import {testWith} from '../../support/test-with.ts';
import {type ApiBench, faultOf, startApi} from './workbench.ts';

const password = secret('correct horse of the directory');

const answer = z.object({
  accepted: z.boolean(),
  steps: z.array(
    z.object({
      step: z.string(),
      done: z.boolean(),
      detail: z.string(),
      advice: z.string().nullable(),
    }),
  ),
  identity: z.object({username: z.string(), provider: z.string()}).nullable(),
  redirect_url: z.string().nullable(),
});

const tried = async ({by}: ApiBench, provider: string, body: object = {}) =>
  answer.parse((await by('root').post(`/api/v1/${provider}/test`).send(body).expect(200)).body);

const stepsOf = ({steps}: z.output<typeof answer>) =>
  steps.map(({step, done}) => (done ? step : `not ${step}`));

async function withDirectory(t: ExecutionContext) {
  const slapd = await startSlapd(t);
  const ldap = {
    urls: [slapd.url],
    caFile: slapd.caFile,
    base,
    bindDn: `cn=admin,${base}`,
    bindPassword: 'the password of the directory',
  };
  return {slapd, holdfast: await startApi(t, {auth: {ldap}})};
}

testWith(['slapd'], 'an admin tries the directory, and a login there', async (t) => {
  const {slapd, holdfast} = await withDirectory(t);
  await slapd.addPerson('greta', {password});
  const way = await tried(holdfast, 'ldap');
  t.true(way.accepted);
  t.is(way.identity, null);
  t.false(stepsOf(way).includes('user bind'));
  const login = await tried(holdfast, 'ldap', {username: 'greta', password});
  t.like(login, {accepted: true, identity: {username: 'greta', provider: 'ldap'}});
  t.true(stepsOf(login).includes('user bind'));
  const wrong = await tried(holdfast, 'ldap', {username: 'greta', password: 'not hers'});
  t.like(wrong, {accepted: false, identity: null});
  t.is(stepsOf(wrong).at(-1), 'not user bind');
  t.truthy(wrong.steps.at(-1)?.advice);
});

testWith(['slapd'], 'of a login that another account would keep out, that is told', async (t) => {
  const {slapd, holdfast} = await withDirectory(t);
  await slapd.addPerson('anna', {password});
  const told = await tried(holdfast, 'ldap', {username: 'anna', password});
  t.false(told.accepted);
  t.like(told.steps.at(-1), {step: 'account', done: false});
});

testWith(['slapd'], 'who was tried is written down, and no password', async (t) => {
  const {slapd, holdfast} = await withDirectory(t);
  await slapd.addPerson('greta', {password});
  await tried(holdfast, 'ldap', {username: 'greta', password});
  const kept = await listActivities(holdfast.db, {filter: {}, sight: 'all', limit: 100});
  const activity = kept.find(({key}) => key === 'provider.test');
  t.like(activity, {actor: {name: 'root'}, subject: {name: 'ldap'}, parameters: {user: 'greta'}});
  t.false(JSON.stringify(kept).includes(password));
});

test('a directory that is away is told with what to change', async (t) => {
  const ldap = {urls: ['ldap://127.0.0.1:1'], base, requireTls: false};
  const holdfast = await startApi(t, {auth: {ldap: {urls: ldap.urls, base: ldap.base}}});
  const told = await tried(holdfast, 'ldap', {username: 'greta', password});
  t.false(told.accepted);
  t.regex(told.steps.at(-1)?.detail ?? '', /127\.0\.0\.1/);
});

testWith(keystonePrograms, 'an admin tries Keystone, and a login there', async (t) => {
  const keystone = await startKeystone(t);
  const anna = await keystone.addUser('nina', {password});
  await keystone.grant(anna, await keystone.addProject('web'), 'member');
  const holdfast = await startApi(t, {auth: {keystone: {url: keystone.url}}});
  t.true((await tried(holdfast, 'keystone')).accepted);
  t.like(await tried(holdfast, 'keystone', {username: 'nina', password}), {
    accepted: true,
    identity: {username: 'nina'},
  });
  const wrong = await tried(holdfast, 'keystone', {username: 'nina', password: 'not hers'});
  t.is(stepsOf(wrong).at(-1), 'not login');
});

test('an admin tries an OpenID provider by its id, and is told what it must know', async (t) => {
  const provider = await startOidcProvider(t);
  const externalUrl = 'https://registry.example.org';
  const callback = `${externalUrl}/auth/oidc/corp/callback`;
  provider.allow(callback);
  const holdfast = await startApi(t, {externalUrl, auth: {oidc: [provider.settings]}});
  const told = await tried(holdfast, 'oidc', {id: 'corp'});
  t.like(told, {accepted: true, redirect_url: callback});
  t.is(stepsOf(told).at(-1), 'client');
  const answered = await holdfast.by('root').post('/api/v1/oidc/test').send({id: 'none'});
  t.is(answered.status, 422);
  t.is(faultOf(answered)?.field, 'id');
});

test('what is not configured can not be tried, and nobody but an admin tries anything', async (t) => {
  const {by} = await startApi(t);
  for (const provider of ['ldap', 'keystone', 'oidc']) {
    const path = `/api/v1/${provider}/test`;
    t.is(faultOf(await by('root').post(path).send({}).expect(405))?.code, 'off');
    await by('anna').post(path).send({}).expect(403);
  }
});
