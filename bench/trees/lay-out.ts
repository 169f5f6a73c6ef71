/** Writes a tree as Distribution or as an OCI layout has it. No server could be asked for it in less time. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {setImmediate as breathe} from 'node:timers/promises';
import type {Layout} from '../targets/target.ts';
import type {Piece} from './content.ts';
import type {Repository} from './repository.ts';

export async function layOut(
  root: string,
  layout: Layout,
  repositories: Iterable<Repository>,
): Promise<void> {
  const lay = layout === 'distribution' ? layDistribution : layOciLayout;
  for (const repository of repositories) {
    lay(root, repository);
    await breathe(); // for Ctrl-C
  }
}

function layDistribution(root: string, {name, blobs, manifest, tags}: Repository): void {
  const top = join(root, 'docker/registry/v2');
  const home = join(top, 'repositories', name);
  const keep = ({hex, bytes}: Piece) => {
    put(join(top, 'blobs/sha256', hex.slice(0, 2), hex, 'data'), bytes);
  };
  const link = (directory: string, {hex}: Piece) => {
    put(join(home, directory, 'link'), `sha256:${hex}`);
  };
  for (const blob of blobs) {
    keep(blob);
    link(`_layers/sha256/${blob.hex}`, blob);
  }
  keep(manifest);
  link(`_manifests/revisions/sha256/${manifest.hex}`, manifest);
  for (const tag of tags) {
    link(`_manifests/tags/${tag}/current`, manifest);
    link(`_manifests/tags/${tag}/index/sha256/${manifest.hex}`, manifest);
  }
}

function layOciLayout(root: string, {name, blobs, manifest, mediaType, tags}: Repository): void {
  const home = join(root, name);
  for (const {hex, bytes} of [...blobs, manifest]) put(join(home, 'blobs/sha256', hex), bytes);
  put(join(home, 'oci-layout'), JSON.stringify({imageLayoutVersion: '1.0.0'}));
  const manifests = tags.map((tag) => ({
    mediaType,
    digest: `sha256:${manifest.hex}`,
    size: manifest.bytes.length,
    annotations: {'org.opencontainers.image.ref.name': tag},
  }));
  put(join(home, 'index.json'), JSON.stringify({schemaVersion: 2, manifests}));
}

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, content);
}
