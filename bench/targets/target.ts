/** What is measured: a program that can be started on a directory, or a registry that runs already. */
import type {Known} from './account.ts';
import type {Pair} from './certificate.ts';

export type {Pair} from './certificate.ts';

export type Protocol = 'http' | 'https';

/** How it keeps its content on disk, where the harness can lay out a tree for it. */
export type Layout = 'distribution' | 'oci-layout';

/** As Holdfast's `token.key` has it; `certificate` is the pair of the place. */
export type TokenKey = 'certificate' | 'ES256' | 'RS256' | 'EdDSA';

export type Place = {
  /** Where the content goes. */
  readonly root: string;
  /** For configuration and logs of this one start. */
  readonly home: string;
  readonly protocol: Protocol;
  readonly pair: Pair;
  /** What signs tokens, where there are any. */
  readonly tokenKey?: TokenKey;
};

export type Server = Known & {
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
  /** Where it can be run either way: whether it wants to know who asks, or is open to all. */
  readonly accounts?: 'on' | 'off';
  /** No registry: it takes and gives bytes without looking at them, and shows what the clients can do. */
  readonly isNull?: boolean;
  /** It runs already: its directory is not ours, and it can't be started anew. */
  readonly isRemote?: boolean;
  start(place: Place): Promise<Server>;
};
