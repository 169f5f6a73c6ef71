/** The media types of manifests. */

export const mediaTypes = {
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerManifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  octetStream: 'application/octet-stream',
} as const;

const images: ReadonlySet<string> = new Set([mediaTypes.ociManifest, mediaTypes.dockerManifest]);
const indexes: ReadonlySet<string> = new Set([mediaTypes.ociIndex, mediaTypes.dockerManifestList]);

/** `artifact`: JSON whose structure is its author's. */
export type ManifestKind = 'image' | 'index' | 'artifact';

export function manifestKind(mediaType: string): ManifestKind {
  if (images.has(mediaType)) return 'image';
  return indexes.has(mediaType) ? 'index' : 'artifact';
}

/** Docker's first image format: signed JSON with another idea of a layer, refused everywhere by now. */
export const isSchema1 = (mediaType: string): boolean =>
  mediaType.startsWith('application/vnd.docker.distribution.manifest.v1+');

/** RFC 6838 names with the JSON suffix, and `application/json`. */
export const isJsonMediaType = (mediaType: string): boolean =>
  /^application\/(?:json|[a-z0-9][a-z0-9!#$&^_.+-]{0,120}\+json)$/i.test(mediaType);

/** Without its parameters. */
export const bareMediaType = (header: string): string => (header.split(';', 1)[0] ?? '').trim();

/** Layers that are fetched from elsewhere, so that no registry need hold them. */
export const isForeignLayer = (mediaType: string): boolean =>
  mediaType.startsWith('application/vnd.docker.image.rootfs.foreign.') ||
  mediaType.startsWith('application/vnd.oci.image.layer.nondistributable.');
