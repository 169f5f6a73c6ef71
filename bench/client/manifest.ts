/** The manifests that the clients push. */
import {createHash} from 'node:crypto';
import type {Blob} from './content.ts';

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
export const configType = 'application/vnd.oci.image.config.v1+json';
export const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

export type Manifest = {readonly bytes: Buffer; readonly digest: string};

/** An image of these layers. */
export function manifestOf(config: Blob, layers: readonly Blob[]): Manifest {
  return manifest({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(configType, config),
    layers: layers.map((layer) => descriptor(layerType, layer)),
  });
}

function manifest(value: unknown): Manifest {
  const bytes = Buffer.from(JSON.stringify(value));
  return {bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`};
}

function descriptor(mediaType: string, {digest, size}: Blob) {
  return {mediaType, digest, size};
}
