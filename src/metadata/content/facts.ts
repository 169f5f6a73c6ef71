/** What the index is told of the storage. */
import type {Digest} from '../../oci/digest.ts';
import type {ManifestKind} from '../../oci/media-types.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';

export interface NamedContent {
  readonly digest: Digest;
  readonly role: 'config' | 'layer' | 'child';
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
}

/** Of a manifest, whichever repository holds it. */
export interface ManifestFacts {
  /** Its sha256. */
  readonly digest: Digest;
  readonly mediaType: string;
  readonly kind: ManifestKind;
  readonly artifactType: string | undefined;
  /** Of the manifest itself, in bytes. */
  readonly size: number;
  readonly subject: Digest | undefined;
  /** In the manifest's order. */
  readonly contents: readonly NamedContent[];
  /** `linux/arm64/v8`. */
  readonly platform: string | undefined;
  /** ISO 8601. */
  readonly builtAt: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** When something came into a repository, and by whom, as far as that is known. */
export interface Pushed {
  /** In ms. */
  readonly at: number;
  readonly by: string | undefined;
}

/** Something of a repository that is other than the index has it. */
export type Difference<Key, Facts> =
  | {readonly key: Key; readonly state: 'new' | 'changed'; readonly facts: Facts}
  | {readonly key: Key; readonly state: 'gone'};

export interface TagFacts {
  /** The sha256 of the manifest it points at. */
  readonly digest: Digest;
  readonly pushed: Pushed;
}

export interface RepositoryFacts {
  readonly repository: RepositoryName;
  /** Whether the catalogue has it. */
  readonly exists: boolean;
  /** The index did not have it. */
  readonly isNew: boolean;
  /** All of it was looked at: where it does not exist, all that the index has of it goes. */
  readonly isWhole: boolean;
  readonly tags: readonly Difference<Tag, TagFacts>[];
  readonly revisions: readonly Difference<Digest, Pushed>[];
  /** Those that the index did not know. */
  readonly manifests: readonly ManifestFacts[];
}
