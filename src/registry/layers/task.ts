/** What the thread that reads layers is asked, and what it answers. */
import type {LayerPlace} from './layer-place.ts';
import type {Aspect} from './differences.ts';
import type {Kind} from './entry.ts';
import type {Change, Sort} from './listing.ts';
import type {LayerRead} from './shelf.ts';

/** The layers of an image, from the lowest. */
export type Layers = readonly LayerPlace[];

export type Task =
  | {
      readonly kind: 'list';
      readonly layers: Layers;
      /** That layer alone; absent: all of them together. */
      readonly own: number | undefined;
      readonly path: string;
      readonly sort: Sort;
      readonly after: string | undefined;
      readonly limit: number;
    }
  | {
      readonly kind: 'show';
      readonly layers: Layers;
      readonly own: number | undefined;
      readonly path: string;
    }
  | {
      readonly kind: 'compare';
      readonly from: Layers;
      readonly to: Layers;
      readonly after: string | undefined;
      readonly limit: number;
    };

/** As it is told. */
export interface FileFacts {
  readonly kind: Kind;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** ISO 8601. */
  readonly modifiedAt: string | undefined;
  readonly target: string | undefined;
  /** `sha256:...`, of its bytes. */
  readonly digest: string | undefined;
}

interface ListedFile extends FileFacts {
  readonly name: string;
  /** The digest of the layer that has it. */
  readonly layer: string;
  readonly change: Change | undefined;
  /** Of a directory: all below it that is no directory. */
  readonly below: {readonly files: number; readonly bytes: number} | undefined;
}

export interface Listing {
  readonly kind: 'list';
  readonly path: string;
  readonly entries: readonly ListedFile[];
  readonly next: string | undefined;
  /** Entries of the directory. */
  readonly total: number;
  readonly files: number;
  readonly bytes: number;
}

export interface ShownFile extends FileFacts {
  readonly path: string;
  readonly layer: string;
  readonly change: Change | undefined;
  /** The first of its bytes; absent: it has none that can be shown. */
  readonly content: Uint8Array | undefined;
}

interface ChangedFile {
  readonly path: string;
  readonly from: FileFacts | undefined;
  readonly to: FileFacts | undefined;
  readonly aspects: readonly Aspect[];
}

export interface Changes {
  readonly kind: 'compare';
  readonly files: readonly ChangedFile[];
  readonly next: string | undefined;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly addedBytes: number;
  readonly removedBytes: number;
}

export interface ReadingState {
  readonly kind: 'reading';
  /** In bytes as they are stored. */
  readonly read: number;
  readonly total: number;
}

export type Outcome =
  | Listing
  | {readonly kind: 'show'; readonly file: ShownFile}
  | Changes
  | ReadingState
  /** There is no such path. */
  | {readonly kind: 'unknown'; readonly message: string}
  | {readonly kind: 'refused'; readonly message: string}
  /** The storage does not answer. */
  | {readonly kind: 'unavailable'; readonly message: string}
  | {readonly kind: 'failed'; readonly error: unknown};

export interface LayerExchange {
  readonly request: Task;
  readonly reply: {
    readonly outcome: Outcome;
    /** Layers that were read since the last reply. */
    readonly reads: readonly LayerRead[];
  };
}
