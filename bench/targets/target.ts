/** What is measured: a program that can be started on a directory, or a registry that runs already. */
import type {Pair} from './certificate.ts';

export type {Pair} from './certificate.ts';

export type Protocol = 'http' | 'https';

/** How it keeps its content on disk, where the harness can lay out a tree for it. */
export type Layout = 'distribution' | 'oci-layout';

export type Place = {
  /** Where the content goes. */
  readonly root: string;
  /** For configuration and logs of this one start. */
  readonly home: string;
  readonly protocol: Protocol;
  readonly pair: Pair;
};

export type Server = {
  /** Without a slash at its end. */
  readonly url: string;
  /** Unknown where it runs on another machine. */
  readonly pid: number | undefined;
  /** Milliseconds from the start of the process to its first answer. */
  readonly startedIn: number | undefined;
  stop(): Promise<void>;
};

export type Target = {
  /** As it is written in options: docker-registry */
  readonly name: string;
  /** As it is written in tables: docker-registry 2.8.2 */
  readonly title: string;
  readonly layout: Layout | undefined;
  /** It needs a tree of its own, since another of its kind refuses to share one. */
  readonly alone?: boolean;
  readonly protocols: readonly Protocol[];
  /** Measurements of what it does not offer, with the reason. */
  readonly lacks?: Readonly<Record<string, string>>;
  /** No registry: it takes and gives bytes without looking at them, and shows what the clients can do. */
  readonly isNull?: boolean;
  /** It runs already: its directory is not ours, and it can't be started anew. */
  readonly isRemote?: boolean;
  start(place: Place): Promise<Server>;
};
