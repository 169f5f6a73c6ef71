/** The port between the harness, which sees to order and fairness, and what is measured. */
import type {Client} from './client/client.ts';
import type {Usage} from './meter.ts';
import type {ProgramName} from './programs.ts';
import type {Metric} from './results.ts';
import type {Scale} from './scale.ts';
import type {Pair, Place, Protocol, Server, Target} from './targets/target.ts';
import type {Repository} from './trees/repository.ts';

export type Measurement = {
  /** push/1x1GiB/http: what --only is compared with. */
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly metrics: readonly Metric[];
  /** With whom the others are compared; unless set it is the yardstick of the whole run. */
  readonly yardstick?: string;
  /** Fewer rounds than are asked for, where each is long. */
  readonly maxRounds?: number;
  /** Without these it can't be measured. */
  readonly needs?: readonly ProgramName[];
  /** One uncounted round goes before the counted ones. */
  readonly warmsUp: boolean;
  /** Once, before anything is timed: digests, trees. */
  prepare?(bench: Bench, rounds: number): Promise<void>;
  /** Whom it is about; unless set, all but those with accounts. */
  takes?(target: Target): boolean;
  /** Why the target can't take part; `undefined` where it can. */
  refuses(target: Target): string | undefined;
  /** Starts the target for this measurement. */
  open(target: Target, bench: Bench): Promise<Trial>;
};

/** One target in one measurement. */
export type Trial = {
  /** Changes from round to round where each starts a server of its own. */
  readonly pid: number | undefined;
  /** Round 0 is the warming up. */
  round(number: number): Promise<Outcome>;
  /** After each round, untimed. */
  tidy?(): Promise<void>;
  close(): Promise<void>;
};

export type Outcome = {
  readonly values: Readonly<Record<string, number>>;
  readonly clientCpuSeconds?: number;
  /** Where the server was one of this round alone. */
  readonly usage?: Usage;
};

/** What measurements are given. */
export type Bench = {
  readonly scale: Scale;
  readonly client: Client;
  /** Unique to this run. */
  readonly run: string;
  /** Below it everything lies. */
  readonly directory: string;
  readonly pair: Pair;
  /** Starts a target on an empty directory, or on `root`; a directory of its own goes when it stops. */
  start(target: Target, protocol: Protocol, more?: Start): Promise<Started>;
  /** A tree that is made once and shared by all that have its layout; `undefined` for who has none. */
  tree(name: string, target: Target, content: Iterable<Repository>): Promise<string | undefined>;
};

export type Start = {readonly root?: string | undefined} & Pick<Place, 'tokenKey'>;
export type Started = Server & {readonly root: string};
