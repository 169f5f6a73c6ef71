/** Names of people who come from a provider and have not logged in yet: whoever took one would keep them out. */
import {rename} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import test from 'ava';
import type {Response} from 'supertest';
import {findNamespaceByName} from '../../src/metadata/namespaces.ts';
import {fakeDirectory} from '../support/fake-directory.ts';
import {htpasswd, line} from '../auth/providers/htpasswd-file.ts';
import {basic, bearer, startWithAccounts, type WithAccounts} from '../support/accounts.ts';

const password = 'correct horse';
const base = 'dc=ex,dc=org';

interface Place extends WithAccounts {
  /** What takes a name, by whoever is no admin. */
  readonly takings: (name: string) => Promise<Readonly<Record<string, Response>>>;
}

/** mallory owns a team; carl is in an htpasswd file, JDoe in a directory. */
async function start(t: ExecutionContext): Promise<Place & {readonly file: string}> {
  const {path: file} = await htpasswd(t, [await line('carl', password)]);
  const {urls, startTls} = await fakeDirectory(t, {
    search: () => ({[`uid=JDoe,${base}`]: {uid: ['JDoe'], entryUUID: ['of jdoe']}}),
  });
  const holdfast = await startWithAccounts(t, {
    auth: {signUp: true, htpasswd: file, ldap: {urls, startTls, base}},
    namespaces: {createOnPush: 'users'},
  });
  await holdfast.person('root', {admin: 'yes'});
  await holdfast.person('mallory');
  await holdfast.team('gang', {mallory: 'owner'});
  const mallory = holdfast.as(basic('mallory'));
  const takings: Place['takings'] = async (name) => {
    const scope = `repository:${name}/app:pull,push`;
    const token = holdfast.as(bearer(await holdfast.token('mallory', scope)));
    return {
      'signs up': await holdfast.api.post('/api/v1/users').send({username: name, password}),
      'makes a namespace': await mallory.post('/api/v1/namespaces').send({name, team: 'gang'}),
      'makes a namespace below': await mallory
        .post('/api/v1/namespaces')
        .send({name: `${name}/app`, team: 'gang'}),
      'makes a robot': await mallory
        .post('/api/v1/robots')
        .send({username: name, team: 'gang', role: 'viewer'}),
      pushes: await mallory.post(`/v2/${name}/app/blobs/uploads/`),
      'pushes by a token': await token.post(`/v2/${name}/app/blobs/uploads/`),
    };
  };
  return {...holdfast, takings, file};
}

test('nobody takes the name of somebody who has not logged in yet', async (t) => {
  const holdfast = await start(t);
  for (const name of ['carl', 'jdoe']) {
    for (const [what, answer] of Object.entries(await holdfast.takings(name))) {
      t.is(answer.status, what.startsWith('pushes') ? 403 : 409, `${what} as ${name}`);
    }
    t.is(await findNamespaceByName(holdfast.db, name), undefined);
  }
  await holdfast.as(basic('carl', password)).get('/auth/token').expect(200);
  await holdfast.as(basic('JDoe', password)).get('/auth/token').expect(200);
  await holdfast.as(basic('carl', password)).post('/v2/carl/app/blobs/uploads/').expect(202);
});

test('a name that nobody has elsewhere is taken as ever', async (t) => {
  const holdfast = await start(t);
  const taken = await holdfast.takings('freed');
  t.is(taken['signs up']?.status, 201);
  const mallory = holdfast.as(basic('mallory'));
  await mallory.post('/api/v1/namespaces').send({name: 'free', team: 'gang'}).expect(201);
  await mallory.post('/v2/tools/app/blobs/uploads/').expect(202);
  await mallory
    .post('/api/v1/robots')
    .send({username: 'ci', team: 'gang', role: 'viewer'})
    .expect(201);
});

test('while nobody can say whose a name is, admins alone take it', async (t) => {
  const holdfast = await start(t);
  await rename(holdfast.file, `${holdfast.file}.away`);
  for (const [what, answer] of Object.entries(await holdfast.takings('carl'))) {
    t.is(answer.status, 503, what);
    t.regex(
      answer.text,
      /whether somebody else is called carl can not be told at present: htpasswd file can not be asked/,
      what,
    );
  }
  const mallory = holdfast.as(basic('mallory'));
  await mallory.post('/v2/mallory/app/blobs/uploads/').expect(202);
  const root = holdfast.as(basic('root'));
  await root.post('/api/v1/namespaces').send({name: 'tools', team: 'gang'}).expect(201);
  await root.post('/api/v1/users').send({username: 'dora', password}).expect(201);
});
