/** What two images have in different, as far as their manifests and configurations tell. */
import type {Descriptor} from '../../oci/descriptor.ts';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Reference} from '../../oci/reference.ts';
import type {Stores} from '../../storage/stores.ts';
import type {ImageDetails} from '../image-details.ts';
import type {ManifestDetails} from '../tag-details.ts';
import {type ConfigurationChange, configurationChanges} from './configuration-changes.ts';

export interface SideOfComparison {
  readonly repository: RepositoryName;
  readonly reference: string;
  readonly digest: Digest;
  /** Of the index that names it. */
  readonly index: Digest | undefined;
  readonly platform: string | undefined;
  /** All that the index has. */
  readonly platforms: readonly string[];
  /** Of all that a pull takes, in bytes. */
  readonly size: number;
  readonly created: string | undefined;
}

export interface ComparedLayer {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly createdBy: string | undefined;
}

export interface ImageComparison {
  readonly from: SideOfComparison;
  readonly to: SideOfComparison;
  readonly common: readonly ComparedLayer[];
  readonly onlyFrom: readonly ComparedLayer[];
  readonly onlyTo: readonly ComparedLayer[];
  readonly configuration: readonly ConfigurationChange[];
}

export interface Wanted {
  readonly name: RepositoryName;
  readonly reference: Reference;
}

type Missing = {readonly missing: string};

interface Found {
  readonly details: ManifestDetails;
  readonly wanted: Wanted;
}

interface Pair {
  readonly from: ImageOfComparison;
  readonly to: ImageOfComparison;
}

export interface ImageOfComparison extends Found {
  readonly index: ManifestDetails | undefined;
  readonly platform: string | undefined;
}

type ReadDetails = (name: RepositoryName, digest: Digest) => Promise<ManifestDetails | undefined>;

export class ImageComparisons {
  readonly #stores: Stores;
  readonly #details: ReadDetails;

  constructor(stores: Stores, details: ReadDetails) {
    this.#stores = stores;
    this.#details = details;
  }

  /** The images that are meant: of indexes those of a platform, by default the first that both have. */
  async find(from: Wanted, to: Wanted, platform: string | undefined): Promise<Pair | Missing> {
    const [one, other] = [await this.#read(from), await this.#read(to)];
    if (!one) return {missing: `there is no ${textOf(from)} in ${from.name}`};
    if (!other) return {missing: `there is no ${textOf(to)} in ${to.name}`};
    const wanted = platform ?? commonPlatform(one.details, other.details);
    const [first, second] = [await this.#resolve(one, wanted), await this.#resolve(other, wanted)];
    if ('missing' in first) return first;
    return 'missing' in second ? second : {from: first, to: second};
  }

  compare({from, to}: Pair): ImageComparison {
    const [before, after] = [layersOf(from.details), layersOf(to.details)];
    const has = (layers: readonly ComparedLayer[], {digest}: ComparedLayer): boolean =>
      layers.some((layer) => layer.digest === digest);
    return {
      from: sideOf(from),
      to: sideOf(to),
      common: after.filter((layer) => has(before, layer)),
      onlyFrom: before.filter((layer) => !has(after, layer)),
      onlyTo: after.filter((layer) => !has(before, layer)),
      configuration: configurationChanges(from.details, to.details),
    };
  }

  async #read(wanted: Wanted): Promise<Found | undefined> {
    const {name, reference} = wanted;
    const digest =
      'digest' in reference ? reference.digest : await this.#stores.tags.get(name, reference.tag);
    const details = digest && (await this.#details(name, digest));
    return details && {details, wanted};
  }

  async #resolve(found: Found, platform: string | undefined): Promise<ImageOfComparison | Missing> {
    const {details, wanted} = found;
    if (details.kind !== 'index') {
      return {...found, index: undefined, platform: platformOf(details.image)};
    }
    const child = runnable(details).find((each) => each.platform === platform);
    if (!child) {
      return {missing: `${textOf(wanted)} has no image for ${platform ?? 'any platform'}`};
    }
    const own = await this.#details(wanted.name, child.digest);
    if (!own || own.kind === 'index') {
      return {missing: `the image of ${textOf(wanted)} for ${platform ?? ''} is not there`};
    }
    return {details: own, wanted, index: details, platform: child.platform};
  }
}

const textOf = ({reference}: Wanted): string =>
  'digest' in reference ? reference.digest : reference.tag;

/** What builders add to an index about its images is of the platform `unknown`. */
const runnable = ({children}: ManifestDetails): ManifestDetails['children'] =>
  children.filter(({platform}) => platform !== undefined && !platform.startsWith('unknown/'));

const platformOf = (image: ImageDetails | undefined): string | undefined =>
  image?.os === undefined || image.architecture === undefined
    ? undefined
    : [image.os, image.architecture, image.variant].filter((each) => each !== undefined).join('/');

function platformsOf(details: ManifestDetails): readonly string[] {
  if (details.kind === 'index') return runnable(details).flatMap(({platform}) => platform ?? []);
  return [platformOf(details.image)].filter((each) => each !== undefined);
}

function commonPlatform(one: ManifestDetails, other: ManifestDetails): string | undefined {
  const [own, others] = [platformsOf(one), platformsOf(other)];
  const index = one.kind === 'index' ? own : others;
  return own.find((each) => others.includes(each)) ?? index[0];
}

function sideOf({details, wanted, index, platform}: ImageOfComparison): SideOfComparison {
  const parts = [...(details.config ? [details.config] : []), ...details.layers];
  const sizes = new Map(
    parts.map(({digest, size}: Pick<Descriptor, 'digest' | 'size'>) => [digest, size]),
  );
  return {
    repository: wanted.name,
    reference: textOf(wanted),
    digest: details.digest,
    index: index?.digest,
    platform,
    platforms: index ? platformsOf(index) : [],
    size: details.size + [...sizes.values()].reduce((sum, size) => sum + size, 0),
    created: details.image?.created,
  };
}

/** The steps of the history that have made a layer are as many as the layers, where the history is whole. */
function layersOf({layers, image}: ManifestDetails): readonly ComparedLayer[] {
  const steps = (image?.history ?? []).filter(({isEmpty}) => !isEmpty);
  const isWhole = steps.length === layers.length;
  return layers.map((layer, number) => ({
    ...layer,
    createdBy: isWhole ? steps[number]?.createdBy : undefined,
  }));
}
