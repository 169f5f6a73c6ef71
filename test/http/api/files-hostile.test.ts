/** Layers that were made to do harm. */
import test from 'ava';
import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import zlib from 'node:zlib';
import {pack} from 'tar-stream';
import {contentOf} from '../../support/content.ts';
import {at, layerOf, openLayers} from './layers.ts';
import {faultOf, itemOf} from './workbench.ts';

/** By a tar that takes any name. */
async function tarOfNames(
  entries: readonly (readonly [name: string, text: string, more?: object])[],
): Promise<Buffer> {
  const tar = pack();
  for (const [name, text, more = {}] of entries) tar.entry({name, ...more}, text);
  tar.finalize();
  return buffer(Readable.from(tar));
}

test('names lead nowhere out of the image, and are text', async (t) => {
  const {ask, list, pushLayers} = await openLayers(t);
  const script = '<script>alert(1)</script>';
  const bidi = 'exe\u202Egpj.txt';
  const long = 'x'.repeat(10_000);
  const tar = await tarOfNames([
    ['../../etc/passwd', 'mine'],
    ['/abs/./olute//file', 'a'],
    ['n/invalid-?', 'bytes'],
    [`n/${script.replaceAll('/', '\\')}`, 's'],
    [`n/${bidi}`, 'b'],
    [`n/${long}`, 'l'],
    ['n/new\nline', 'n'],
    ['n/__proto__', 'p'],
    ['n/.wh.', 'not a deletion'],
  ]);
  // A byte that is no UTF-8.
  tar[tar.indexOf('invalid-?') + 'invalid-'.length] = 0xff;
  const header = tar.lastIndexOf('n/invalid', tar.indexOf('bytes'));
  mendChecksum(tar.subarray(header, header + 512));
  const digest = await pushLayers([layerOf(tar)]);
  const names = async (path: string) => (await list(digest, path)).entries.map(({name}) => name);
  t.deepEqual(await names('/'), ['abs', 'etc', 'n']);
  t.deepEqual(await names('/abs/olute'), ['file']);
  t.deepEqual(await names('/../n/..'), ['abs', 'etc', 'n']);
  t.like(itemOf(await ask(at(digest, 'file', {path: '/etc/passwd'}))), {text: 'mine'});
  const found = await names('n');
  t.deepEqual(
    found.filter((name) => !name.startsWith('xxx')),
    ['.wh.', '<script>alert(1)<\\script>', '__proto__', bidi, 'invalid-\uFFFD', 'new\nline'],
  );
  const shortened = found.find((name) => name.startsWith('xxx')) ?? '';
  t.true(shortened.length <= 255);
  for (const name of found) {
    const shown = await ask(at(digest, 'file', {path: `/n/${name}`}));
    t.like(itemOf(shown), {kind: 'file', is_text: true}, name.slice(0, 50));
    t.regex(shown.get('Content-Type') ?? '', /^application\/json/);
  }
});

test('a bomb is not unpacked further, and not tried again by the next who asks', async (t) => {
  const {ask, pushLayers} = await openLayers(t);
  const bomb = bombOf(10);
  const digest = await pushLayers([contentOf(bomb)]);
  const began = performance.now();
  const answer = await ask(at(digest, 'files', {}));
  t.is(answer.status, 409);
  t.regex(faultOf(answer)?.message ?? '', /its \d+ bytes become more than \d+/);
  t.log(`${bomb.length} bytes refused in ${Math.round(performance.now() - began)} ms`);
  const again = performance.now();
  t.is((await ask(at(digest, 'files', {}))).status, 409);
  t.true(performance.now() - again < 1000);
});

test('headers, paths and names beyond measure are refused', async (t) => {
  const {ask, pushLayers} = await openLayers(t);
  const hugeHeader = await tarOfNames([['x'.repeat(5 * 1024 * 1024), 'x']]);
  const deep = await tarOfNames([['d/'.repeat(20_000) + 'x', 'x']]);
  const directory = await tarOfNames([['d', 'not read', {type: 'file'}]]);
  // Of a directory, whose size nobody sends.
  directory.write('5', 156);
  mendChecksum(directory.subarray(0, 512));
  for (const [tar, message] of [
    [hugeHeader, /damaged|too long/],
    [deep, /more than 8192 characters/],
    [directory, /damaged/],
  ] as const) {
    const answer = await ask(at(await pushLayers([layerOf(tar)]), 'files', {}));
    t.is(answer.status, 409, answer.text);
    t.regex(faultOf(answer)?.message ?? '', message);
  }
});

test('links that lead to themselves, to nowhere or out of the image are shown, and followed nowhere', async (t) => {
  const {ask, list, pushLayers} = await openLayers(t);
  const lower = await tarOfNames([
    ['circle', '', {type: 'symlink', linkname: 'circle'}],
    ['out', '', {type: 'symlink', linkname: '../../../../etc'}],
    ['self', '', {type: 'link', linkname: 'self'}],
    ['lost', '', {type: 'link', linkname: 'none'}],
    ['usr/lib/a', 'a'],
    ['lib', '', {type: 'symlink', linkname: 'usr/lib'}],
    ['host', '', {type: 'link', linkname: '../../../../etc/passwd'}],
  ]);
  // Names that go through links, as whoever unpacks it would follow them within the image.
  const upper = await tarOfNames([
    ['circle/x', 'x'],
    ['lib/b', 'b'],
  ]);
  const digest = await pushLayers([layerOf(lower), layerOf(upper)]);
  t.like(itemOf(await ask(at(digest, 'file', {path: '/self'}))), {kind: 'hardlink', text: null});
  t.like(itemOf(await ask(at(digest, 'file', {path: '/host'}))), {kind: 'hardlink', text: null});
  t.like(itemOf(await ask(at(digest, 'file', {path: '/out'}))), {
    target: '../../../../etc',
    text: null,
  });
  t.like((await list(digest, '/usr/lib')).entries, [{name: 'a'}, {name: 'b'}]);
  t.like((await list(digest, '/circle')).entries, [{name: 'x'}]);
});

/** So many GiB of zeros, in members of 64 MiB. */
function bombOf(gibibytes: number): Buffer {
  const part = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024), {level: 9});
  return Buffer.concat(Array.from({length: gibibytes * 16}, () => part));
}

function mendChecksum(header: Buffer): void {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}
