/** What is written down of all that is done, and who reads it. */
import test, {type ExecutionContext} from 'ava';
import {activityOfChange} from '../../../src/auth/activities/of-content.ts';
import {insertActivities} from '../../../src/metadata/activities.ts';
import {findNamespaceByName} from '../../../src/metadata/namespaces.ts';
import {repositoryName} from '../../metadata/workbench.ts';
import {type ApiBench, itemOf, itemsOf, startApi} from './workbench.ts';

const path = '/api/v1/activities';

type Api = ReturnType<ApiBench['by']>;

const read = async (api: Pick<Api, 'get'>, query = '') =>
  itemsOf(await api.get(`${path}?all=true${query}`).expect(200));

const told = (items: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  items.map(({key, subject}) => `${String(key)} ${String(subject)}`).toReversed();

/** A push, as the registry writes it down. */
async function push({db}: ApiBench, name: string, by: string): Promise<void> {
  const [space = ''] = name.split('/');
  const namespace = await findNamespaceByName(db, space);
  await insertActivities(db, [
    activityOfChange({
      change: {kind: 'delete-repository'},
      repository: repositoryName(name),
      namespace: namespace && {id: namespace.id, name: namespace.name},
      actor: {kind: 'account', id: `id of ${by}`, name: by},
      origin: {address: '192.0.2.9', requestId: 'r', credential: {kind: 'password'}},
      at: Date.now(),
    }),
  ]);
}

/** The team makers of anna has the namespaces open and hidden; bert is in none, carl is the admin's friend. */
async function twoNamespaces(t: ExecutionContext): Promise<ApiBench> {
  const bench = await startApi(t);
  const root = bench.by('root');
  await bench.team('makers', {anna: 'owner'});
  await root.post('/api/v1/namespaces').send({name: 'open', team: 'makers', visibility: 'public'});
  await root.post('/api/v1/namespaces').send({name: 'hidden', team: 'makers'}).expect(201);
  await push(bench, 'open/saw', 'anna');
  await push(bench, 'hidden/saw', 'anna');
  await root.put('/api/v1/users/bert').send({display_name: 'Bert'}).expect(200);
  return bench;
}

test('admins see all, members what is theirs, others what they may pull from and what is their own', async (t) => {
  const bench = await twoNamespaces(t);
  const open = ['namespace.create open', 'repository.delete open/saw'];
  const hidden = ['namespace.create hidden', 'repository.delete hidden/saw'];
  const own = ['user.change_profile bert'];
  const seen = async (api: Pick<Api, 'get'>) => told(await read(api)).toSorted();
  t.deepEqual(await seen(bench.by('root')), [...open, ...hidden, ...own].toSorted());
  t.deepEqual(await seen(bench.by('anna')), [...open, ...hidden].toSorted());
  t.deepEqual(await seen(bench.by('bert')), [...open, ...own].toSorted());
  t.deepEqual(await seen(bench.api), open);
});

test('addresses and credentials are for admins and whoever it was, names of people for accounts', async (t) => {
  const bench = await twoNamespaces(t);
  const byRoot = await read(bench.by('root'), '&key=user.change_profile');
  t.like(byRoot[0], {actor: 'root', credential_kind: 'password', parameters: {display_name: true}});
  t.regex(String(byRoot[0]?.['address']), /127\.0\.0\.1$/);
  const [byBert] = await read(bench.by('bert'), '&key=user.change_profile');
  t.like(byBert, {actor: 'root', address: null, credential_kind: null, request_id: null});
  const [byMember] = await read(bench.by('anna'), '&key=namespace&namespace=open');
  t.like(byMember, {address: null, parameters: {team: 'makers', visibility: 'public'}});
  const [byOther] = await read(bench.by('bert'), '&key=namespace');
  t.like(byOther, {actor: 'root', address: null});
  t.deepEqual(byOther?.['parameters'], {visibility: 'public'});
  for (const item of await read(bench.api)) t.like(item, {actor: null, address: null});
});

test('no filter finds what the reader is not told', async (t) => {
  const bench = await twoNamespaces(t);
  const address = '&address=192.0.2.9';
  t.is((await read(bench.by('root'), address)).length, 2);
  t.deepEqual(await read(bench.by('anna'), address), []);
  t.deepEqual(await read(bench.api, address), []);
  t.deepEqual(await read(bench.api, '&actor=root'), []);
  t.deepEqual(await read(bench.by('bert'), '&namespace=hidden'), []);
  t.deepEqual(await read(bench.by('bert'), '&repository=hidden/saw'), []);
});

test('what became private is hidden at once, and a new namespace of a name has nothing of the former', async (t) => {
  const bench = await twoNamespaces(t);
  await bench.by('root').put('/api/v1/namespaces/open').send({visibility: 'private'}).expect(200);
  t.deepEqual(told(await read(bench.by('bert'), '&namespace=open')), []);
  await bench.by('root').delete('/api/v1/namespaces/open').expect(204);
  await bench.team('others', {bert: 'owner'});
  const fresh = {name: 'open', team: 'others'};
  await bench.by('root').post('/api/v1/namespaces').send(fresh).expect(201);
  t.deepEqual(told(await read(bench.by('bert'), '&namespace=open')), ['namespace.create open']);
  t.is((await read(bench.by('root'), '&namespace=open')).length, 5);
});

test('a repository that lies in a private namespace by now is hidden with its past', async (t) => {
  const bench = await twoNamespaces(t);
  await push(bench, 'open/secret/saw', 'anna');
  const ofBert = async () => told(await read(bench.by('bert'), '&key=repository'));
  t.is((await ofBert()).length, 2);
  await bench.namespace('open/secret', 'makers');
  t.deepEqual(await ofBert(), ['repository.delete open/saw']);
  t.is((await read(bench.by('anna'), '&key=repository')).length, 3);
});

test('each filter narrows the list', async (t) => {
  const bench = await twoNamespaces(t);
  const root = bench.by('root');
  const count = async (query: string): Promise<number> => (await read(root, query)).length;
  t.is(await count(''), 5);
  t.is(await count('&actor=root'), 3);
  t.is(await count('&key=namespace'), 2);
  t.is(await count('&key=namespace.create'), 2);
  t.is(await count('&key=name'), 0);
  t.is(await count('&namespace=hidden'), 2);
  t.is(await count('&namespace=/'), 0);
  t.is(await count('&repository=hidden/saw'), 1);
  t.is(await count('&subject=bert'), 1);
  t.is(await count('&outcome=done'), 5);
  t.is(await count('&outcome=denied'), 0);
  t.is(await count(`&from=${new Date(Date.now() - 60_000).toISOString()}`), 5);
  t.is(await count(`&to=${new Date(Date.now() - 60_000).toISOString()}`), 0);
  t.is(await count('&actor=root&namespace=open'), 1);
  for (const query of ['from=yesterday', 'outcome=well', 'format=xml', 'colour=red', 'actor=']) {
    await root.get(`${path}?${query}`).expect(400);
  }
});

test('pages go from the newest to the oldest, or the other way round', async (t) => {
  const bench = await twoNamespaces(t);
  const root = bench.by('root');
  const all = (await read(root)).map(({id}) => id);
  const first = await root.get(`${path}?per_page=2`).expect(200);
  t.is(first.headers['x-total'], '5');
  t.regex(String(first.headers['link']), /page=2>; rel="next"/);
  const pages = [
    first,
    ...(await Promise.all([2, 3].map(async (page) => root.get(`${path}?per_page=2&page=${page}`)))),
  ];
  t.deepEqual(
    pages.flatMap((page) => itemsOf(page).map(({id}) => id)),
    all,
  );
  const up = itemsOf(await root.get(`${path}?sort_order=asc`).expect(200));
  t.deepEqual(
    up.map(({id}) => id),
    all.toReversed(),
  );
});

/** RFC 4180, read by its rules and not by ours. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  for (let at = 0, row: string[] = []; at < text.length;) {
    const quoted = /"((?:[^"]|"")*)"/y;
    const plain = /[^",\r\n]*/y;
    quoted.lastIndex = at;
    plain.lastIndex = at;
    const found = quoted.exec(text) ?? plain.exec(text);
    row.push((found?.[1] ?? found?.[0] ?? '').replaceAll('""', '"'));
    at += found?.[0].length ?? 0;
    if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else if (text[at] === ',') at += 1;
    else throw new Error(`no CSV at ${at}`);
  }
  return rows;
}

test('CSV has every row, and nothing in it is a formula', async (t) => {
  const bench = await startApi(t);
  const hostile = [
    '=1+1',
    '+1',
    '-1',
    '@sum(a1)',
    '\tx',
    '\rx',
    'a "b", c',
    'line\r\nbreak',
    'ü😀',
    '',
  ];
  await insertActivities(
    bench.db,
    Array.from({length: 1201}, (_, index) => ({
      at: Date.now(),
      key: 'team.create',
      actor: {kind: 'system', name: hostile[index % hostile.length] ?? ''} as const,
      subject: {kind: 'team', name: hostile[index % hostile.length] ?? ''},
      parameters: {x: '=2'},
    })),
  );
  const root = bench.by('root');
  const answer = await root.get(path).set('Accept', 'text/csv').buffer(true).expect(200);
  t.regex(String(answer.headers['content-type']), /^text\/csv; charset=utf-8/);
  t.is(answer.headers['content-disposition'], 'attachment; filename="activities.csv"');
  const [header = [], ...rows] = parseCsv(answer.text);
  t.is(rows.length, 1201);
  t.deepEqual(new Set(rows.map(({length}) => length)), new Set([header.length]));
  const subjects = rows.map((row) => row[header.indexOf('subject')] ?? '');
  const safe = hostile.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
  t.deepEqual([...new Set(subjects)].toSorted(), safe.toSorted());
  t.false(rows.flat().some((cell) => /^[=+\-@\t\r]/.test(cell)));
  const few = await root.get(`${path}?format=csv&subject=nobody`).buffer(true).expect(200);
  t.is(parseCsv(few.text).length, 1);
  t.is(
    parseCsv((await bench.api.get(`${path}?format=csv`).buffer(true).expect(200)).text).length,
    1,
  );
});

test('the newest seal and what was changed is told to admins alone', async (t) => {
  const bench = await twoNamespaces(t);
  const verification = `${path}/verification`;
  const found = itemOf(await bench.by('root').get(verification).expect(200));
  t.deepEqual(found, {findings: [], seals: 0, rows: 0, unsealed: 5, restarts: []});
  await bench.by('anna').get(verification).expect(403);
});

test('without accounts everybody sees all that was done', async (t) => {
  const {startInProcess} = await import('../../support/in-process.ts');
  const {api} = await startInProcess(t);
  t.deepEqual(itemsOf(await api.get(path).expect(200)), []);
  await api.get(`${path}/verification`).expect(200);
});
