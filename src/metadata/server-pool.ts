/** What is asked of a driver of a database server: connections that are lent, asked, and given back or thrown away. */
import type {DatabaseAddress} from '../config/database-url.ts';
import type {MetadataFault} from './metadata-error.ts';

/** Where the server is, and how it is spoken to. */
export interface ServerOptions extends Omit<DatabaseAddress, 'password'> {
  readonly password: string | undefined;
  readonly tls: 'off' | 'require' | 'verify';
  /** Absolute; PEM. Those of the system unless given. */
  readonly caFile: string | undefined;
  /** At most so many at once. */
  readonly connections: number;
  /** In milliseconds: for a connection, and for each answer. */
  readonly timeout: number;
}

export interface PoolOptions extends Omit<ServerOptions, 'caFile'> {
  /** In milliseconds: for each answer, in place of `timeout`. */
  readonly patience: number;
  /** PEM. */
  readonly ca: string | undefined;
}

interface ServerAnswer {
  readonly rows: readonly unknown[];
  /** Rows inserted, found to be updated, or deleted. */
  readonly changes?: number;
}

export interface ServerConnection {
  /** Nobody has had it before. */
  readonly isNew: boolean;
  /** Rejects with whatever the driver says. */
  query(sql: string, parameters: readonly unknown[]): Promise<ServerAnswer>;
  /** For the next one. */
  release(): void;
  /** Closes it at once, whatever it does. */
  discard(): void;
}

/** What an error of the driver's is, without a value of a query in it. */
export interface ServerFault {
  readonly kind: MetadataFault;
  readonly code: string;
  /** What the server said, where no value can stand in that. */
  readonly message?: string;
}

export interface ServerPool {
  /** Asked on each new connection. */
  readonly settings: string;
  /** What begins a transaction that sees one state of everything, and changes nothing. */
  readonly snapshot: readonly string[];
  connect(): Promise<ServerConnection>;
  /** Once nobody uses a connection; where a server is silent, never. */
  end(): Promise<void>;
  /** Closes what is left of them. */
  destroy(): void;
  /** `undefined`: it is a fault of ours. */
  fault(error: unknown): ServerFault | undefined;
}
