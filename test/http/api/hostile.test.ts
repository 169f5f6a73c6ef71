/** What hostile clients send to the API: it is refused in its own shape, and never a fault of ours. */
import test from 'ava';
import {passwordOf} from '../../support/accounts.ts';
import {faultOf, startApi} from './workbench.ts';

const names = [
  '__proto__',
  'constructor',
  'toString',
  '..%2F..%2Fetc%2Fpasswd',
  '%00',
  '%0d%0aSet-Cookie:%20a=b',
  '%ff%fe',
  '%zz',
  "'%20or%201=1--",
  '%25',
  '*',
  '-1',
  '1e999',
  'a'.repeat(256),
  'a'.repeat(8000),
  '%F0%9F%92%A9',
  '<script>',
  'user%3Aanna',
];

test('ids of any kind name nothing, and harm nothing', async (t) => {
  const {by} = await startApi(t);
  for (const name of names) {
    for (const path of [
      `/users/${name}`,
      `/users/${name}/application_tokens`,
      `/teams/${name}`,
      `/teams/${name}/members`,
      `/namespaces/${name}`,
      `/robots/${name}`,
      `/registries/${name}`,
    ]) {
      const {status} = await by('root').get(`/api/v1${path}`);
      // The personal team of anna is there.
      const isThere = name === 'user%3Aanna' && path.startsWith('/teams');
      t.true(isThere ? status === 200 : status === 404 || status === 400, `${status} ${path}`);
    }
    const {status} = await by('root').delete(`/api/v1/users/application_tokens/${name}`);
    t.true(status === 404 || status === 400, `${status} ${name}`);
  }
});

const bodies: readonly unknown[] = [
  null,
  true,
  0,
  '',
  'text',
  [],
  [{}],
  {},
  {user: null},
  {user: []},
  {user: {user: {}}},
  {username: null, password: null},
  {username: {}, password: []},
  {username: ['anna'], password: 'x'.repeat(20)},
  {username: 'x', password: {length: 20}},
  {name: 1, team: 2, role: 3, user: 4},
];

const texts = [
  '{"__proto__": {"admin": true}, "username": "evil", "password": "a long password"}',
  '{"constructor": {"prototype": {}}, "username": "evil", "password": "a long password"}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"user": ${'{"user":'.repeat(5000)}1${'}'.repeat(5000)}}`,
  '{"username": "evil", "password": "a long password", "isAdmin": true}',
];

const places = [
  ['post', '/users'],
  ['put', '/users/anna'],
  ['post', '/users/anna/application_tokens'],
  ['post', '/teams'],
  ['put', '/teams/user:anna'],
  ['post', '/teams/user:anna/members'],
  ['put', '/teams/user:anna/members/anna'],
  ['post', '/namespaces'],
  ['put', '/namespaces/anna'],
  ['post', '/robots'],
] as const;

test('JSON of any kind is refused by its fields, or changes nothing', async (t) => {
  const {by, db} = await startApi(t);
  const count = async () => (await db.selectFrom('users').select('name').execute()).length;
  for (const [method, path] of places) {
    for (const body of [...bodies.map((each) => JSON.stringify(each)), ...texts]) {
      const api = by('root');
      const request = method === 'post' ? api.post(`/api/v1${path}`) : api.put(`/api/v1${path}`);
      const answer = await request.set('Content-Type', 'application/json').send(body);
      const told = `${answer.status} ${method} ${path} ${body.slice(0, 80)}`;
      // A change of nothing is one.
      const isNothing = method === 'put' && body === '{}';
      t.true(isNothing ? [200, 422].includes(answer.status) : answer.status === 422, told);
    }
  }
  t.is(await count(), 3);
  t.is(({} as {admin?: boolean}).admin, undefined);
});

test('what is no JSON, too large or of another kind is told apart', async (t) => {
  const {by} = await startApi(t);
  const post = (type: string, body: string) =>
    by('root').post('/api/v1/teams').set('Content-Type', type).send(body);
  for (const body of ['', '{', 'name=x', '\u0000', '{"name": NaN}', "{'name': 'x'}"]) {
    t.is((await post('application/json', body)).status, 400, body);
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
    t.is(faultOf(await post(type, '{"name": "x"}').expect(415))?.code, 'not-json', type);
  }
  const large = JSON.stringify({name: 'x', description: 'y'.repeat(270_000)});
  t.is(faultOf(await post('application/json', large).expect(413))?.code, 'too-large');
});

test('no answer and no line of the log has a password in it, be it refused', async (t) => {
  const {by, log} = await startApi(t);
  const password = passwordOf('a secret that is sent');
  const answers = [
    await by('root').post('/api/v1/users').send({username: 'Bad Name', password}),
    await by('root').post('/api/v1/users').send({username: 'carl', password, email: password}),
    await by('root')
      .put('/api/v1/users/anna')
      .send({password: [password]}),
    await by('root')
      .post('/api/v1/users')
      .set('Content-Type', 'application/json')
      .send(`{"password": "${password}`),
  ];
  for (const {text} of answers) t.false(text.includes('a secret that is sent'));
  t.false(JSON.stringify(log).includes('a secret that is sent'));
});

test('people who are made at once under one name are one', async (t) => {
  const {by} = await startApi(t);
  const body = {username: 'carl', password: passwordOf('carl')};
  const answers = await Promise.all(
    Array.from({length: 4}, async () => by('root').post('/api/v1/users').send(body)),
  );
  t.deepEqual(answers.map(({status}) => status).sort(), [201, 409, 409, 409]);
});
