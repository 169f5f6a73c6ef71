/** An image with one large layer that exists once in the world: as an OCI layout, or in a docker daemon. */
import {createHash, randomBytes} from 'node:crypto';
import {mkdir, open, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type Content, contentOf, imageOf, indexOf, mediaTypes} from '../support/content.ts';
import {run} from '../support/command.ts';

const MiB = 1024 * 1024;

/** Answers with the digest of its bytes. */
async function writeRandom(file: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  await using handle = await open(file, 'w');
  for (let index = 0; index < size; index += 1) {
    const block = randomBytes(MiB);
    hash.update(block);
    await handle.writeFile(block);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** `size` in MiB. */
export async function layLargeLayout(directory: string, size: number): Promise<Content> {
  const blobs = join(directory, 'blobs/sha256');
  const fileOf = (digest: string): string => join(blobs, digest.slice('sha256:'.length));
  await mkdir(blobs, {recursive: true});
  const digest = await writeRandom(join(directory, 'layer'), size);
  await rename(join(directory, 'layer'), fileOf(digest));
  const configuration = contentOf(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: {type: 'layers', diff_ids: [digest]},
    }),
    mediaTypes.config,
  );
  const image = imageOf([], {
    config: configuration.descriptor,
    layers: [{mediaType: mediaTypes.layer, digest, size: size * MiB}],
  });
  const index = indexOf([contentOf(image.bytes, mediaTypes.image)]);
  for (const {digest: of, bytes} of [configuration, image]) await writeFile(fileOf(of), bytes);
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(directory, 'index.json'), index.bytes);
  return image;
}

/** `size` in MiB; `env` leads docker to its daemon. */
export async function importLargeImage(
  directory: string,
  size: number,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const [file, tar] = [join(directory, 'large'), join(directory, 'large.tar')];
  await writeRandom(file, size);
  await run('tar', ['-C', directory, '-cf', tar, 'large'], {timeout: 600_000});
  await rm(file);
  await run('docker', ['import', tar, name], {env, timeout: 900_000});
  await rm(tar);
}
