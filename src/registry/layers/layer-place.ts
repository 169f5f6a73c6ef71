/** A layer as a manifest names it, and where its bytes lie. */
import type {Digest} from '../../oci/digest.ts';

export interface LayerPlace {
  /** As the manifest says. */
  readonly digest: Digest;
  /** Under which the bytes lie. */
  readonly canonical: Digest;
  /** In bytes. */
  readonly size: number;
  /** Whether its media type says that it is a tar: then nothing else will do. */
  readonly isTar: boolean;
  /** What a single file in it is called. */
  readonly title: string;
}

/** What is read in it is the same for the same key. */
export const keyOf = ({canonical, isTar, title}: LayerPlace): string =>
  isTar ? canonical : `${canonical} ${title}`;
