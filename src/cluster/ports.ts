/** What a node is built on: the volume as all nodes see it, and the service that one of them runs. */

/** Who may write on the volume, or could a moment ago. */
export interface Holder {
  readonly epoch: number;
  readonly node: {readonly name: string; readonly address?: string | undefined} | undefined;
  readonly hostname: string | undefined;
  readonly pid: number | undefined;
  /** `unknown`: of another host, or in a container of this one. */
  readonly state: 'self' | 'alive' | 'dead' | 'unknown';
  /** Another word each time that he says that he lives. */
  readonly beat: string | undefined;
}

export interface SharedVolume {
  /** The newest first. Rejects with a StorageError. */
  holders(): Promise<readonly Holder[]>;
  /** Its holder can't publish or delete anything any more. */
  fence(epoch: number): Promise<void>;
  /** `undefined`: it is new. */
  id(): Promise<string | undefined>;
}

/** How the right to write is taken. */
export interface Taking {
  /** Only while this is the newest epoch; 0: while there is none. */
  readonly after?: number;
  readonly takeOver?: boolean;
  readonly isBeside?: boolean;
}

export interface Started {
  readonly addresses: readonly {readonly url: string}[];
}

export interface Service<S extends Started> {
  start(): Promise<S>;
  stop(): Promise<void>;
  /** Requests in flight. */
  underWay(): number;
  reopenLogs(): void;
}

export interface ServiceHooks {
  readonly taking: Taking;
  /** All is opened, and the addresses are needed now. */
  readonly beforeListening: () => Promise<void>;
  /** Another has taken over. */
  readonly onFenced: () => void;
}

export type CreateService<S extends Started> = (hooks: ServiceHooks) => Service<S>;
