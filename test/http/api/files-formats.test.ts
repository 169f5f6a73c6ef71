/** Layers as builders write them, and artifacts that are no images. */
import test from 'ava';
import {randomBytes} from 'node:crypto';
import {zstdCompressSync} from 'node:zlib';
import {contentOf} from '../../support/content.ts';
import {at, layerOf, openLayers, repository, tarOf} from './layers.ts';
import {faultOf, itemOf} from './workbench.ts';

const files = {'etc/motd': 'hello', 'etc/link': {symlink: 'motd'}} as const;

test('layers that are plain or compressed by gzip or zstd are read, whatever their media types say', async (t) => {
  const {list, pushLayers} = await openLayers(t);
  const tar = await tarOf(t, files);
  const layers = [
    layerOf(tar),
    layerOf(tar, 'zstd'),
    layerOf(tar, 'plain'),
    layerOf(tar, 'gzip', 'application/vnd.docker.image.rootfs.diff.tar.gzip'),
    layerOf(tar, 'zstd', 'application/vnd.oci.image.layer.v1.tar+gzip'),
    layerOf(tar, 'gzip', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'),
    layerOf(tar, 'gzip', 'application/octet-stream'),
  ];
  for (const layer of layers) {
    const digest = await pushLayers([layer]);
    t.like(
      (await list(digest, '/etc')).entries,
      [
        {name: 'link', kind: 'symlink', target: 'motd'},
        {name: 'motd', size: 5, mode: 0o644},
      ],
      layer.descriptor.mediaType,
    );
  }
});

/** As podman pushes zstd:chunked: pieces that are packed apart, and something between them that is no content. */
function framesOf(tar: Buffer, size: number): Buffer {
  const skipped = Buffer.from('5a2a4d180400000074657374', 'hex');
  const pieces = Array.from({length: Math.ceil(tar.length / size)}, (_, piece) =>
    tar.subarray(piece * size, (piece + 1) * size),
  );
  return Buffer.concat(pieces.flatMap((piece) => [zstdCompressSync(piece), skipped]));
}

test('a layer of many frames of zstd is read to its end, and one that is cut or damaged is refused', async (t) => {
  const {list, pushLayers, ask} = await openLayers(t);
  const tar = await tarOf(t, {'a/first': randomBytes(300_000), 'z/last': 'whole'});
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+zstd';
  const frames = framesOf(tar, 1000);
  const digest = await pushLayers([contentOf(frames, mediaType)]);
  t.like((await list(digest, '/a')).entries, [{name: 'first', size: 300_000}]);
  t.like((await list(digest, '/z')).entries, [{name: 'last', size: 5}]);
  const half = Math.floor(frames.length / 2);
  const damaged = Buffer.from(frames);
  damaged.fill(0xee, half, half + 2000);
  for (const bytes of [frames.subarray(0, half), damaged]) {
    const broken = await pushLayers([contentOf(bytes, mediaType)]);
    const answer = await ask(at(broken, 'files', {path: '/'}));
    t.is(answer.status, 409);
    t.regex(faultOf(answer)?.message ?? '', /ends in the middle|is damaged|ends within|no tar/);
  }
});

test('long names, times of a fraction of a second and large numbers come out of every format of tar', async (t) => {
  const {list, pushLayers} = await openLayers(t);
  const directory = 'directory-of-a-long-name/'.repeat(6);
  const name = `${'n'.repeat(180)}ü`;
  for (const format of ['gnu', 'pax', 'oldgnu']) {
    const options = [
      `--format=${format}`,
      '--owner=:70000',
      '--group=:3000000',
      '--mtime=@1700000000.5',
    ];
    const tar = await tarOf(
      t,
      {[`${directory}${name}`]: 'x', link: {symlink: 'l'.repeat(300)}},
      options,
    );
    const digest = await pushLayers([layerOf(tar)]);
    const modified_at = format === 'pax' ? '2023-11-14T22:13:20.500Z' : '2023-11-14T22:13:20.000Z';
    t.like((await list(digest, directory)).entries, [
      {name, size: 1, uid: 70_000, gid: 3_000_000, modified_at},
    ]);
    t.like((await list(digest, '/')).entries, [{kind: 'directory'}, {target: 'l'.repeat(300)}]);
  }
});

test('a file with holes is listed with its size, and not shown', async (t) => {
  const {ask, list, pushLayers} = await openLayers(t);
  const hole = Buffer.alloc(1024 * 1024);
  hole.write('end', hole.length - 3);
  const tar = await tarOf(t, {sparse: hole, after: 'x'}, [
    '--format=pax',
    '--sparse',
    '--hole-detection=raw',
  ]);
  const digest = await pushLayers([layerOf(tar)]);
  t.like((await list(digest, '/')).entries, [{name: 'after'}, {name: 'sparse', size: hole.length}]);
  t.like(itemOf(await ask(at(digest, 'file', {path: 'sparse'}))), {is_text: false, text: null});
  t.like(itemOf(await ask(at(digest, 'file', {path: 'after'}))), {text: 'x'});
});

test('what is no tar is one file, called as its title says', async (t) => {
  const {ask, list, pushLayers} = await openLayers(t);
  const sbom = contentOf('{"spdxVersion": "2.3"}', 'application/spdx+json');
  const annotations = {'org.opencontainers.image.title': '../sbom.json'};
  const titled = {...sbom, descriptor: {...sbom.descriptor, annotations}};
  const digest = await pushLayers([titled]);
  const [entry] = (await list(digest, '/')).entries;
  t.like(entry, {name: '.._sbom.json', kind: 'file', size: sbom.bytes.length});
  const shown = itemOf(await ask(at(digest, 'file', {path: '.._sbom.json'})));
  t.like(shown, {text: sbom.bytes.toString(), digest: sbom.digest});
  const untitled = await pushLayers([sbom]);
  t.like((await list(untitled, '/')).entries, [{name: sbom.digest}]);
});

test('of a text that is long the first 512 KiB are shown', async (t) => {
  const {ask, pushTars} = await openLayers(t);
  const digest = await pushTars([{long: `x${'ü'.repeat(400_000)}`, after: 'end'}]);
  const shown = itemOf(await ask(at(digest, 'file', {path: '/long'})));
  t.like(shown, {size: 800_001, is_text: true, is_truncated: true});
  t.is(String(shown['text']), `x${'ü'.repeat(262_143)}`);
});

test('what has no files is refused with a sentence, and what is not seen is not there', async (t) => {
  const {ask, by, as, pushLayers, pushTars} = await openLayers(t);
  const foreign = {
    ...contentOf('elsewhere'),
    descriptor: {
      ...contentOf('elsewhere').descriptor,
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      urls: ['https://example.org/layer'],
    },
  };
  const tar = await tarOf(t, files);
  const cases = [
    [contentOf('no tar at all'), /is no tar/],
    [layerOf(tar, 'gzip', 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted'), /is encrypted/],
    [contentOf(layerOf(tar).bytes.subarray(0, 100)), /ends in the middle/],
    [
      contentOf(damagedLater(layerOf(await tarOf(t, {random: randomBytes(900_000)})).bytes)),
      /damaged/,
    ],
    [layerOf(tar.subarray(0, 1300)), /ends in the middle/],
    [layerOf(Buffer.concat([tar.subarray(0, 2048), Buffer.alloc(512, 7)])), /damaged/],
    [contentOf(Buffer.from('fd377a585a000000', 'hex')), /compressed by xz/],
  ] as const;
  for (const [layer, message] of cases) {
    const digest = await pushLayers([layer]);
    for (const address of [
      at(digest, 'files', {}),
      at(digest, 'file', {path: '/x', layer: layer.digest}),
    ]) {
      const answer = await ask(address);
      t.is(answer.status, 409, String(message));
      t.regex(faultOf(answer)?.message ?? '', message);
      t.true(faultOf(answer)?.message.includes(layer.digest));
    }
  }
  const elsewhere = await ask(at(await pushLayers([foreign]), 'files', {}));
  t.regex(faultOf(elsewhere)?.message ?? '', /kept elsewhere/);
  const digest = await pushTars([files]);
  const other = layerOf(tar, 'plain');
  t.is((await ask(at(digest, 'files', {layer: other.digest}))).status, 404);
  t.is((await ask(at(other.digest, 'files', {}))).status, 404);
  t.is((await ask(at('latest', 'files', {}))).status, 404);
  t.is((await ask(at(digest, 'files', {limit: 1001}))).status, 400);
  t.is((await ask(at(digest, 'file', {}))).status, 400);
  t.is((await by('carl').get(at(digest, 'files', {}))).status, 404);
  t.is((await as('').get(at(digest, 'file', {path: '/etc/motd'}))).status, 404);
  t.is((await by('carl').get(`${repository}/compare?from=${digest}&to=${digest}`)).status, 404);
});

function damagedLater(bytes: Buffer): Buffer {
  return Buffer.from(bytes).fill(0xff, 400_000, 401_000);
}
