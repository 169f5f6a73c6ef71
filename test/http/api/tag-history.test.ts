/** What tags pointed at, and how they are put back. */
import test from 'ava';
import {mkdir, rm, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {diskPath, keys} from '../../support/disk.ts';
import {openWorkshop} from './content.ts';
import {faultOf, itemOf, itemsOf} from './workbench.ts';

const tools = '/api/v1/repositories/tools~saw';

test('the history of a tag tells what it pointed at, who has set it, and that it was deleted', async (t) => {
  const {by, push} = await openWorkshop(t);
  const first = await push('tools/saw', 'v1');
  const second = await push('tools/saw', 'v1', {layers: ['other']});
  await by('root').delete(`${tools}/tags/v1`).expect(204);
  const entries = itemsOf(await by('bert').get(`${tools}/tags/v1/history`).expect(200));
  t.like(entries, [
    {digest: null, author: 'root', can_restore: false},
    {digest: second, author: 'anna', can_restore: true},
    {digest: first, author: 'anna', can_restore: true},
  ]);
  const before = String(entries[1]?.['at']);
  const older = await by('bert').get(`${tools}/tags/v1/history?before=${before}&limit=5`);
  t.deepEqual(itemsOf(older), entries.slice(2));
  await by('bert').get(`${tools}/tags/v1/history?limit=1001`).expect(400);
  await by('bert').get(`${tools}/tags/v1/history?before=yesterday`).expect(400);
  await by('bert').get(`${tools}/tags/never/history`).expect(404);
  await by('carl').get(`${tools}/tags/v1/history`).expect(404);
});

test('a tag is put back to what it pointed at, be it there or deleted', async (t) => {
  const {by, push} = await openWorkshop(t);
  const first = await push('tools/saw', 'v1');
  const second = await push('tools/saw', 'v1', {layers: ['other']});
  const restore = async (digest: string, name = 'anna') =>
    by(name).post(`${tools}/tags/v1/restore`).send({digest});
  t.is((await restore(first, 'bert')).status, 403);
  t.is((await restore(first, 'carl')).status, 404);
  t.is((await restore(first)).status, 200);
  const pulled = async () =>
    (await by('bert').get('/v2/tools/saw/manifests/v1').expect(200)).get('Docker-Content-Digest');
  t.is(await pulled(), first);
  await by('anna').delete(`${tools}/tags/v1`).expect(204);
  const deleted = itemsOf(await by('bert').get(`${tools}/deleted-tags`).expect(200));
  t.like(deleted, [{name: 'v1', author: 'anna', digest: first, can_restore: true}]);
  t.is((await restore(second)).status, 200);
  t.is(await pulled(), second);
  t.deepEqual(itemsOf(await by('bert').get(`${tools}/deleted-tags`)), []);
  t.like(itemsOf(await by('bert').get(`${tools}/tags/v1/history`)), [
    {digest: second},
    {digest: null},
    {digest: first},
    {digest: second},
    {digest: first},
  ]);
  t.like(itemsOf(await by('bert').get(`${tools}/tags`)), [{name: 'v1', digest: second}]);
});

test('a tag is not put to what it never pointed at, nor to what is gone', async (t) => {
  const {by, push, dataDir} = await openWorkshop(t);
  const first = await push('tools/saw', 'v1');
  const shown = itemOf(await by('anna').get(`${tools}/tags/v1`));
  const layers = shown['layers'] as readonly {readonly digest: string}[];
  const other = await push('tools/saw', 'v2', {layers: ['other']});
  await push('tools/saw', 'v1', {layers: ['third']});
  const restore = async (digest: string) =>
    by('anna').post(`${tools}/tags/v1/restore`).send({digest});
  t.is((await restore(other)).status, 404);
  t.is((await restore('sha256:12')).status, 422);
  const layer = layers[0]?.digest ?? '';
  const link = `${keys.repository('tools/saw')}/_layers/sha256/${layer.slice(7)}`;
  await rm(diskPath({dataDir}, link), {recursive: true});
  const incomplete = await restore(first);
  t.is(incomplete.status, 409);
  t.regex(faultOf(incomplete)?.message ?? '', new RegExp(layer));
  await by('anna').delete(`/v2/tools/saw/manifests/${first}`).expect(202);
  const gone = await restore(first);
  t.is(gone.status, 409);
  t.regex(faultOf(gone)?.message ?? '', /manifest .* is gone/);
  t.like(itemsOf(await by('bert').get(`${tools}/tags/v1/history`)), [
    {can_restore: true},
    {can_restore: false},
  ]);
});

test('what Distribution has noted of a tag is part of its history', async (t) => {
  const {by, push, dataDir} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const old = await push('tools/saw', 'v2', {layers: ['old']});
  const hex = old.slice('sha256:'.length);
  const index = `${keys.repository('tools/saw')}/_manifests/tags/v1/index/sha256/${hex}/link`;
  const file = diskPath({dataDir}, index);
  await mkdir(path.dirname(file), {recursive: true});
  await writeFile(file, old);
  const time = new Date('2020-01-02T03:04:05Z');
  await utimes(file, time, time);
  const entries = itemsOf(await by('bert').get(`${tools}/tags/v1/history`).expect(200));
  t.like(entries.at(-1), {at: time.toISOString(), digest: old, author: null, can_restore: true});
  await by('anna').post(`${tools}/tags/v1/restore`).send({digest: old}).expect(200);
});

test('tags of a deleted repository are listed, with what can not come back', async (t) => {
  const {by, push} = await openWorkshop(t);
  for (const tag of ['v1', 'v2', 'v3']) await push('tools/saw', tag);
  const digest = await push('tools/saw', 'v4');
  await by('anna').delete(tools).expect(204);
  const first = await by('bert').get(`${tools}/deleted-tags?limit=3`).expect(200);
  t.deepEqual(
    itemsOf(first).map(({name, can_restore: can}) => [name, can]),
    [
      ['v1', false],
      ['v2', false],
      ['v3', false],
    ],
  );
  const next = /<([^>]+)>; rel="next"/.exec(first.get('Link') ?? '')?.[1] ?? '';
  t.like(itemsOf(await by('bert').get(next).expect(200)), [{name: 'v4', author: 'anna', digest}]);
  await by('anna').post(`${tools}/tags/v4/restore`).send({digest}).expect(409);
});
