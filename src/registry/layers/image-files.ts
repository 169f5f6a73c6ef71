/** The files in the images of a repository, for a person who looks: nothing of it counts as a pull. */
import type {Descriptor} from '../../oci/descriptor.ts';
import type {Digest} from '../../oci/digest.ts';
import {type Manifest, readManifest} from '../../oci/manifest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Stores} from '../../storage/stores.ts';
import type {LayerPlace} from './layer-place.ts';
import type {LayerThread} from './layer-thread.ts';
import type {Sort} from './listing.ts';
import type {Layers, Listing, Outcome, ReadingState, ShownFile, Changes} from './task.ts';

type Unseen = Extract<Outcome, {readonly kind: 'unknown' | 'refused'}>;

export interface Image {
  readonly name: RepositoryName;
  /** Of its manifest. */
  readonly digest: Digest;
}

interface Place extends Image {
  /** The digest of a layer: that alone. */
  readonly layer: string | undefined;
  readonly path: string;
}

/** Whoever reads an image of more has other troubles. */
const mostLayers = 500;

export class ImageFiles {
  readonly #stores: Stores;
  readonly #thread: LayerThread;

  constructor(stores: Stores, thread: LayerThread) {
    this.#stores = stores;
    this.#thread = thread;
  }

  async list(
    {layer, path, ...image}: Place,
    page: {readonly sort: Sort; readonly after: string | undefined; readonly limit: number},
  ): Promise<(Listing & {readonly layers: number}) | ReadingState | Unseen> {
    const found = await this.#find(image, layer);
    if ('kind' in found) return found;
    const outcome = await this.#thread.ask({kind: 'list', ...found, path, ...page});
    if (outcome.kind === 'show' || outcome.kind === 'compare') throw strange();
    if (outcome.kind !== 'list') return outcome;
    return {...outcome, layers: found.own === undefined ? found.layers.length : 1};
  }

  async show({
    layer,
    path,
    ...image
  }: Place): Promise<{readonly kind: 'show'; readonly file: ShownFile} | ReadingState | Unseen> {
    const found = await this.#find(image, layer);
    if ('kind' in found) return found;
    const outcome = await this.#thread.ask({kind: 'show', ...found, path});
    if (outcome.kind === 'list' || outcome.kind === 'compare') throw strange();
    return outcome;
  }

  async compare(
    from: Image,
    to: Image,
    page: {readonly after: string | undefined; readonly limit: number},
  ): Promise<Changes | ReadingState | Unseen> {
    const [one, other] = [await this.#find(from), await this.#find(to)];
    if ('kind' in one) return one;
    if ('kind' in other) return other;
    const sides = {from: one.layers, to: other.layers};
    const outcome = await this.#thread.ask({kind: 'compare', ...sides, ...page});
    if (outcome.kind === 'list' || outcome.kind === 'show') throw strange();
    return outcome;
  }

  async #find(
    {name, digest}: Image,
    layer?: string,
  ): Promise<Unseen | {readonly layers: Layers; readonly own: number | undefined}> {
    const stored = await this.#stores.manifests.get(name, digest);
    const manifest = stored && readManifest(stored.content, stored.mediaType);
    if (!manifest) return {kind: 'unknown', message: 'there is no such manifest'};
    const index = manifest.layers.findIndex((each) => each.digest === layer);
    if (layer !== undefined && index === -1) {
      return {kind: 'unknown', message: 'the manifest has no such layer'};
    }
    const refusal = refusalOf(manifest);
    if (refusal !== undefined) return {kind: 'refused', message: refusal};
    const own = layer === undefined ? undefined : index;
    const layers: LayerPlace[] = [];
    // What lies over a layer does not matter for it.
    for (const each of manifest.layers.slice(0, own === undefined ? mostLayers : own + 1)) {
      const place = await this.#place(name, each);
      if (typeof place === 'string') {
        return {kind: 'refused', message: `the layer ${each.digest} can't be read: ${place}`};
      }
      layers.push(place);
    }
    return {layers, own};
  }

  /** Or why it can't be read. */
  async #place(name: RepositoryName, layer: Descriptor): Promise<LayerPlace | string> {
    const {digest, mediaType, annotations} = layer;
    if (mediaType.includes('+encrypted')) return 'it is encrypted';
    const stored = await this.#stores.layers.stat(name, digest);
    if (!stored) {
      return layer.urls && layer.urls.length > 0
        ? 'it is kept elsewhere, and not in this registry'
        : 'its bytes are not there';
    }
    return {
      digest,
      ...stored,
      isTar: /\btar\b/.test(mediaType),
      title: annotations?.['org.opencontainers.image.title'] ?? digest,
    };
  }
}

function refusalOf({kind, layers}: Manifest): string | undefined {
  if (kind === 'index') return 'this is an index: look into one of the manifests that it names';
  if (kind === 'artifact') return 'this manifest has no layers that are known';
  return layers.length > mostLayers ? `it has more than ${mostLayers} layers` : undefined;
}

const strange = (): Error => new Error('the thread that looks into layers answered another task');
