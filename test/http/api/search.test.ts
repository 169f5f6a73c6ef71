/** One box for all that somebody may look for. */
import test from 'ava';
import {basic} from '../../support/accounts.ts';
import {openWorkshop} from './content.ts';
import {itemOf} from './workbench.ts';

interface Answer {
  readonly repositories: readonly {readonly full_name: string; readonly found_in: string}[];
  readonly namespaces: readonly string[];
  readonly teams: readonly string[];
  readonly users: readonly string[];
  readonly tags: readonly {readonly id: string; readonly digest: string}[];
  readonly manifests: readonly {readonly repository: string; readonly digest: string}[];
  readonly complete: boolean;
}

async function openSearch(...[t]: Parameters<typeof openWorkshop>) {
  const workshop = await openWorkshop(t);
  const find = async (q: string, name?: string, more = ''): Promise<Answer> => {
    const asked = name === undefined ? workshop.api : workshop.by(name);
    const address = `/api/v1/search?q=${encodeURIComponent(q)}${more}`;
    return itemOf(await asked.get(address).expect(200)) as unknown as Answer;
  };
  const names = async (q: string, name?: string) =>
    (await find(q, name)).repositories.map(({full_name: found}) => found);
  return {...workshop, find, names};
}

test('repositories are found by a part of their name and of their description, by whoever may see them', async (t) => {
  const {by, push, namespace, names, find} = await openSearch(t);
  await namespace('open', 'makers', 'public');
  for (const name of ['tools/saw', 'tools/hacksaw', 'open/saw']) await push(name, 'v1');
  await push('tools/axe', 'v1');
  await by('anna')
    .put('/api/v1/repositories/tools~axe')
    .send({description: 'No SAW at all'})
    .expect(200);
  const all = ['open/saw', 'tools/hacksaw', 'tools/saw', 'tools/axe'];
  for (const name of ['root', 'anna', 'bert']) t.deepEqual(await names('saw', name), all);
  t.deepEqual(await names('SAW', 'carl'), ['open/saw']);
  t.deepEqual(await names('saw'), ['open/saw']);
  t.deepEqual(await names('tools/saw', 'anna'), ['tools/saw']);
  const part = await find('saw', 'anna', '&limit=2');
  t.is(part.repositories.length, 2);
  t.false(part.complete);
});

test('signs with a meaning elsewhere have none here', async (t) => {
  const {push, names, by} = await openSearch(t);
  for (const name of ['tools/a_b', 'tools/axb']) await push(name, 'v1');
  t.deepEqual(await names('a_b', 'anna'), ['tools/a_b']);
  for (const q of ['%', '_', '|', "' or 1=1 --", '"; drop table tags; --', '\\', '\u0000', '!']) {
    const answer = await by('anna').get(`/api/v1/search?q=${encodeURIComponent(q)}`);
    t.true([200, 400].includes(answer.status), q);
  }
  t.deepEqual(await names('%', 'anna'), []);
  t.deepEqual(await names('_', 'anna'), ['tools/a_b']);
  for (const query of [
    '',
    'q=',
    'q=x&limit=0',
    'q=x&limit=101',
    `q=${'x'.repeat(513)}`,
    'q=x&z=1',
  ]) {
    t.is((await by('anna').get(`/api/v1/search?${query}`)).status, 400, query);
  }
});

test('tags are found by repository:tag, digests by their beginning, labels by key=value', async (t) => {
  const {push, find} = await openSearch(t);
  const long = 'x'.repeat(300);
  const labels = {team: 'red', 'a=b': 'c', long};
  const digest = await push('tools/saw', 'v1.0', {
    config: {config: {Labels: labels}},
    annotations: {team: 'red', licence: '100%'},
  });
  await push('tools/saw', 'v2', {layers: ['other']});
  t.like((await find('saw:v1', 'bert')).tags, [{id: 'tools~saw:v1.0', digest}]);
  t.deepEqual((await find('saw:V1', 'bert')).tags, []);
  t.is((await find('saw:', 'bert')).tags.length, 2);
  const hex = digest.slice('sha256:'.length);
  for (const q of [hex.slice(0, 6), hex.slice(0, 12).toUpperCase(), digest]) {
    t.like((await find(q, 'bert')).manifests, [{repository: 'tools/saw', digest}], q);
  }
  for (const q of ['team=red', 'licence=100%', `long=${long}`]) {
    t.like((await find(q, 'bert')).manifests, [{repository: 'tools/saw', digest}], q);
  }
  for (const q of ['team=re', 'team=%', 'licence=100_', 'team=RED', '=red', 'red=']) {
    t.deepEqual((await find(q, 'bert')).manifests, [], q);
  }
  for (const q of [hex, 'saw:v1', 'team=red']) {
    const {tags, manifests} = await find(q, 'carl');
    t.deepEqual([...tags, ...manifests], [], q);
  }
});

test('a digest that several hold is found in those that may be seen', async (t) => {
  const {push, find, namespace} = await openSearch(t);
  await namespace('open', 'makers', 'public');
  const digest = await push('tools/saw', 'v1');
  await push('open/saw', 'v1');
  await push('tools/axe', 'v1');
  const held = async (name: string | undefined, more = '') => {
    const {manifests, complete} = await find(digest, name, more);
    return [manifests.map(({repository}) => repository), complete];
  };
  t.deepEqual(await held('anna'), [['open/saw', 'tools/axe', 'tools/saw'], true]);
  t.deepEqual(await held('root', '&limit=2'), [['open/saw', 'tools/axe'], false]);
  t.deepEqual(await held(undefined), [['open/saw'], true]);
});

test('namespaces are found by those who may see them, teams by members, users by admins', async (t) => {
  const {find, namespace, applicationToken, as} = await openSearch(t);
  await namespace('toolbox', 'makers', 'protected');
  const words = async (q: string, name?: string) => {
    const {namespaces, teams, users} = await find(q, name);
    return {namespaces, teams, users};
  };
  t.deepEqual(await words('tool', 'root'), {
    namespaces: ['toolbox', 'tools'],
    teams: [],
    users: [],
  });
  t.deepEqual((await words('tool', 'bert')).namespaces, ['toolbox', 'tools']);
  t.deepEqual((await words('tool', 'carl')).namespaces, ['toolbox']);
  t.deepEqual(await words('tool'), {namespaces: [], teams: [], users: []});
  t.deepEqual((await words('make', 'root')).teams, ['makers']);
  t.deepEqual((await words('make', 'bert')).teams, ['makers']);
  t.deepEqual((await words('make', 'carl')).teams, []);
  t.deepEqual((await words('ann', 'root')).users, ['anna']);
  t.deepEqual((await words('ann', 'anna')).users, []);
  const limited = as(basic('bert', await applicationToken('bert', {namespaces: ['bert']})));
  t.like(itemOf(await limited.get('/api/v1/search?q=tool').expect(200)), {namespaces: []});
});
