/** Application tokens by the API. */
import test from 'ava';
import {basic} from '../../support/accounts.ts';
import {secret} from '../../support/secrets.ts';
import {faultOf, itemOf, itemsOf, startApi} from './workbench.ts';

test('people make tokens of their own, see the secret once, and revoke them', async (t) => {
  const {by, as} = await startApi(t);
  const path = '/api/v1/users/anna/application_tokens';
  const wanted = {application: 'ci', expires_in: '30d', namespaces: ['anna'], pull_only: true};
  const made = itemOf(await by('anna').post(path).send(wanted).expect(201));
  t.like(made, {application: 'ci', namespaces: ['anna'], pull_only: true});
  const {plain_token: text, ...told} = made;
  const listed = await by('anna').get(path).expect(200);
  t.deepEqual(itemsOf(listed), [told]);
  await as(basic('anna', secret(String(text))))
    .get('/api/v1/namespaces')
    .expect(200);
  await by('anna').post(path).send(wanted).expect(409);
  await by('anna')
    .delete(`/api/v1/users/application_tokens/${String(told['id'])}`)
    .expect(204);
  t.deepEqual(itemsOf(await by('anna').get(path).expect(200)), []);
  await as(basic('anna', String(text)))
    .get('/api/v1/namespaces')
    .expect(401);
});

test('nobody sees, makes or revokes tokens of others, but an admin', async (t) => {
  const {by} = await startApi(t);
  const of = (name: string) => `/api/v1/users/${name}/application_tokens`;
  const ci = {application: 'ci'};
  const {id} = itemOf(await by('anna').post(of('anna')).send(ci).expect(201));
  for (const name of ['anna', 'nobody']) {
    await by('bert').get(of(name)).expect(403);
    await by('bert').post(of(name)).send(ci).expect(403);
  }
  const revoke = (name: string, token: string) =>
    by(name).delete(`/api/v1/users/application_tokens/${token}`);
  const hidden = await revoke('bert', String(id)).expect(404);
  t.is(hidden.text, (await revoke('bert', 'none').expect(404)).text);
  await by('root').get(of('anna')).expect(200);
  await by('root').get(of('nobody')).expect(404);
  await revoke('root', String(id)).expect(204);
});

test('a token that is limited makes no other', async (t) => {
  const {as, applicationToken} = await startApi(t);
  for (const limits of [{isPullOnly: true}, {namespaces: ['anna']}]) {
    const limited = as(basic('anna', await applicationToken('anna', limits)));
    const path = '/api/v1/users/anna/application_tokens';
    await limited.get(path).expect(403);
    const answer = await limited.post(path).send({application: 'more'}).expect(403);
    t.is(faultOf(answer)?.code, 'denied');
  }
});

test('what is no life, no name and no namespace is named', async (t) => {
  const {by} = await startApi(t);
  for (const [field, value] of [
    ['expires_in', 'soon'],
    ['expires_in', '0d'],
    ['application', ''],
    ['application', 'a\u0000b'],
    ['namespaces', []],
    ['namespaces.0', ['../x']],
    ['pull_only', 'yes'],
  ] as const) {
    const [name = ''] = field.split('.');
    const body = {application: 'ci', [name]: value};
    const answer = await by('anna')
      .post('/api/v1/users/anna/application_tokens')
      .send(body)
      .expect(422);
    t.is(faultOf(answer)?.field, field);
  }
});
