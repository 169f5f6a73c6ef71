/** Images of a test's own files, labels and build steps, on the disk as clients copy them from. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import {gzipSync} from 'node:zlib';
import {pack} from 'tar-stream';
import {type Content, contentOf, imageOf, indexOf, mediaTypes} from './content.ts';

export interface LayoutImage {
  /** Layer by layer: what is in each, by its path. */
  readonly layers: readonly Readonly<Record<string, string>>[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly env?: readonly string[];
  readonly steps?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly architecture?: string;
}

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) {
    tar.entry({name, mode: 0o644, mtime: new Date('2026-11-01T00:00:00Z')}, text);
  }
  tar.finalize();
  return buffer(tar);
}

async function imageFrom(of: LayoutImage): Promise<{image: Content; blobs: readonly Content[]}> {
  const {labels = {}, env = [], architecture = 'amd64', annotations} = of;
  const tars = await Promise.all(of.layers.map(tarOf));
  const layers = tars.map((tar) => contentOf(gzipSync(tar)));
  const steps = of.steps ?? tars.map((_, index) => `COPY layer-${index + 1} /`);
  const configuration = {
    architecture,
    os: 'linux',
    config: {Labels: labels, Env: env, Cmd: ['/bin/sh']},
    rootfs: {type: 'layers', diff_ids: tars.map((tar) => contentOf(tar).digest)},
    history: steps.map((step) => ({created: '2026-11-01T00:00:00Z', created_by: step})),
  };
  const config = contentOf(JSON.stringify(configuration), mediaTypes.config);
  const image = imageOf(layers, {
    config: config.descriptor,
    ...(annotations && {annotations}),
  });
  return {image, blobs: [config, ...layers]};
}

/** An OCI layout in the directory; several images are one index of their architectures. Answers with the digest of the whole. */
export async function writeLayout(
  directory: string,
  ...images: readonly [LayoutImage, ...LayoutImage[]]
): Promise<string> {
  const made = await Promise.all(images.map(imageFrom));
  const parts = made.map(({image}, index) => ({
    ...image,
    descriptor: {
      ...image.descriptor,
      platform: {os: 'linux', architecture: images[index]?.architecture ?? 'amd64'},
    },
  }));
  const [only] = made;
  const whole = made.length > 1 || !only ? indexOf(parts) : only.image;
  const blobs = join(directory, 'blobs/sha256');
  await mkdir(blobs, {recursive: true});
  const all = [whole, ...made.flatMap((each) => [each.image, ...each.blobs])];
  for (const {digest, bytes} of all) await writeFile(join(blobs, digest.slice(7)), bytes);
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(directory, 'index.json'), indexOf([whole]).bytes);
  return whole.digest;
}
