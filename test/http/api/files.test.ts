/** The files in images and their layers, as a person looks at them. */
import test from 'ava';
import {at, layerOf, openLayers, tarOf} from './layers.ts';
import {faultOf, itemOf} from './workbench.ts';

test('a directory of an image is listed as it is after all layers', async (t) => {
  const {list, pushTars} = await openLayers(t);
  const digest = await pushTars([
    {'etc/passwd': 'root', 'etc/old': 'old', 'bin/sh': 'shell'},
    {'etc/passwd': 'root, anna', 'etc/.wh.old': '', 'etc/new': 'new'},
  ]);
  const root = await list(digest, '/');
  t.like(root, {path: '/', next: null, layers: 2, total: 2, files: 3, bytes: 18});
  t.deepEqual(
    root.entries.map(({name, kind, files, bytes}) => [name, kind, files, bytes]),
    [
      ['bin', 'directory', 1, 5],
      ['etc', 'directory', 2, 13],
    ],
  );
  const etc = await list(digest, '/etc');
  t.like(etc.entries, [
    {name: 'new', kind: 'file', size: 3, change: null},
    {name: 'passwd', kind: 'file', size: 10, change: null},
  ]);
});

test('of a layer alone it is told what it adds, changes and deletes', async (t) => {
  const {list, pushLayers} = await openLayers(t);
  const layers = [
    layerOf(
      await tarOf(t, {'etc/a': '1', 'etc/b': '2', 'var/x': '3', 'opt/p/q': '4', 'opt/r': '5'}),
    ),
    layerOf(
      await tarOf(t, {
        'etc/a': 'one',
        'etc/.wh.b': '',
        'etc/c': 'c',
        '.wh.var': '',
        'opt/.wh..wh..opq': '',
        'opt/new': 'new',
      }),
    ),
  ];
  const digest = await pushLayers(layers);
  const layer = layers[1]?.digest ?? '';
  const changes = async (path: string) =>
    (await list(digest, path, {layer})).entries.map(({name, change}) => [name, change]);
  t.deepEqual(await changes('/'), [
    ['etc', null],
    ['opt', null],
    ['var', 'deleted'],
  ]);
  t.deepEqual(await changes('/etc'), [
    ['a', 'changed'],
    ['b', 'deleted'],
    ['c', 'added'],
  ]);
  t.deepEqual(await changes('/opt'), [
    ['p', 'deleted'],
    ['new', 'added'],
    ['r', 'deleted'],
  ]);
  const lowest = layers[0]?.digest ?? '';
  t.like((await list(digest, '/etc', {layer})).entries, [{layer}, {layer: lowest}, {layer}]);
  const opt = (await list(digest, '/opt')).entries;
  t.deepEqual(
    opt.map(({name}) => name),
    ['new'],
  );
});

test('a file is shown as text, a link with where it leads, other bytes as none', async (t) => {
  const {ask, pushTars} = await openLayers(t);
  const digest = await pushTars([
    {
      'etc/motd': 'grüß dich\n',
      'etc/link': {symlink: '/etc/motd'},
      'etc/same': {hardlink: 'etc/motd'},
      'bin/true': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]),
      'bin/latin': Buffer.from([0x67, 0xfc]),
      empty: '',
    },
  ]);
  const show = async (path: string) => itemOf(await ask(at(digest, 'file', {path})));
  t.like(await show('/etc/motd'), {
    path: '/etc/motd',
    kind: 'file',
    size: 12,
    is_text: true,
    text: 'grüß dich\n',
    is_truncated: false,
  });
  t.like(await show('etc/same'), {text: 'grüß dich\n', size: 12});
  t.like(await show('/etc/link'), {kind: 'symlink', target: '/etc/motd', text: null});
  t.like(await show('/bin/true'), {is_text: false, text: null, size: 7});
  t.like(await show('/bin/latin'), {is_text: false, text: null});
  t.like(await show('/empty'), {is_text: true, text: '', size: 0});
  t.like(await show('/etc'), {kind: 'directory', text: null});
  t.is((await ask(at(digest, 'file', {path: '/etc/none'}))).status, 404);
  t.is((await ask(at(digest, 'files', {path: '/none'}))).status, 404);
  const notListed = await ask(at(digest, 'files', {path: '/etc/link'}));
  t.is(notListed.status, 409);
  t.regex(faultOf(notListed)?.message ?? '', /symlink to \/etc\/motd/);
});
