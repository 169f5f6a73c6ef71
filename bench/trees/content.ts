/** Small blobs and manifests, for trees that are laid out directly. */
import {createHash} from 'node:crypto';
import {configType, layerType, manifestType} from '../client/manifest.ts';

export type Piece = {readonly bytes: Buffer; readonly hex: string};

export function piece(text: string): Piece {
  const bytes = Buffer.from(text);
  return {bytes, hex: createHash('sha256').update(bytes).digest('hex')};
}

export const indexType = 'application/vnd.oci.image.index.v1+json';

export const emptyBlob = piece('{}');

/** The smallest manifest there is: it needs no other blob. */
export const emptyIndex = piece(
  JSON.stringify({schemaVersion: 2, mediaType: indexType, manifests: []}),
);

/** An image of these blobs, the first of which is its configuration. */
export function imageOf(blobs: readonly Piece[]): Piece {
  const [config, ...layers] = blobs.map(({bytes, hex}, index) => ({
    mediaType: index === 0 ? configType : layerType,
    digest: `sha256:${hex}`,
    size: bytes.length,
  }));
  return piece(JSON.stringify({schemaVersion: 2, mediaType: manifestType, config, layers}));
}
