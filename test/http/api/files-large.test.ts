/** Layers that take a while, and many who ask at once. */
import test from 'ava';
import {metrics, valueOf} from '../../support/metrics.ts';
import {at, layerOf, openLayers} from './layers.ts';
import {itemOf} from './workbench.ts';
import {manyFiles} from './many-files.ts';

const count = 100_000;

test('while a layer is read for the first time it is told how far that is', async (t) => {
  const {ask, by, pushLayers} = await openLayers(t);
  const layer = layerOf(manyFiles(count));
  const digest = await pushLayers([layer]);
  const address = at(digest, 'files', {path: '/', limit: 1});
  const first = await by('bert').get(address);
  if (first.status === 202) {
    const {state, read_bytes: read, total_bytes: total} = itemOf(first);
    t.is(state, 'reading');
    t.is(total, layer.bytes.length);
    t.true(Number(read) > 0 && Number(read) <= Number(total));
    t.is(first.get('Retry-After'), '1');
  }
  t.is((await ask(address)).status, 200);
  t.is((await by('bert').get(address)).status, 200);
});

test('a directory of 100,000 files is read through page by page, each file once', async (t) => {
  const {ask, list, pushLayers} = await openLayers(t);
  const digest = await pushLayers([layerOf(manyFiles(count))]);
  const began = performance.now();
  await ask(at(digest, 'files', {path: '/', limit: 1}));
  t.log(`read in ${Math.round(performance.now() - began)} ms`);
  const seen = new Set<string>();
  let slowest = 0;
  let after: string | null = '';
  while (after !== null) {
    const asked = performance.now();
    const page = await list(digest, '/big', {limit: 1000, ...(after && {after})});
    slowest = Math.max(slowest, performance.now() - asked);
    for (const {name} of page.entries) seen.add(name);
    after = page.next;
    t.is(page.total, count);
  }
  t.is(seen.size, count);
  t.log(`slowest page ${Math.round(slowest)} ms`);
});

test('many who ask for one image at once have each layer read once', async (t) => {
  const {ask, pushTars, metricsUrl} = await openLayers(t, {metrics});
  const digest = await pushTars([{a: 'a'}, {b: 'b'}]);
  const answers = await Promise.all(
    Array.from({length: 50}, async () => ask(at(digest, 'files', {}))),
  );
  for (const answer of answers) t.like(itemOf(answer), {total: 2});
  t.is(await valueOf({metricsUrl}, 'holdfast_layers_read_total{outcome="read"}'), 2);
});
