/** What differs between SQLite, which is here, and MariaDB and PostgreSQL, which are to come; and what all three have. */
import {MetadataError, type MetadataFault} from './metadata-error.ts';

/** Types of columns. What is indexed has a length: MariaDB wants one. */
export const columns = {
  id: 'varchar(64)',
  name: 'varchar(255)',
  word: 'varchar(32)',
  digest: 'varchar(160)',
  text: 'text',
  time: 'bigint',
  number: 'bigint',
  /** 0 or 1. */
  flag: 'integer',
} as const;

const codeOf = (error: unknown): string | undefined =>
  error instanceof MetadataError ? error.code : undefined;

/** Whether a row was refused because there is one with the same key or name. */
export function isUniqueViolation(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

/** By the first part of SQLite's code: SQLITE_IOERR_READ and its like are as SQLITE_IOERR. */
const faults: Readonly<Record<string, MetadataFault>> = {
  CONSTRAINT: 'constraint',
  BUSY: 'busy',
  LOCKED: 'busy',
  PROTOCOL: 'busy',
  FULL: 'full',
  READONLY: 'read-only',
  IOERR: 'unavailable',
  CANTOPEN: 'unavailable',
  PERM: 'unavailable',
  NOLFS: 'unavailable',
  CORRUPT: 'damaged',
  NOTADB: 'damaged',
};

const sentences: Partial<Readonly<Record<MetadataFault, string>>> = {
  busy: 'is kept busy by another process',
  full: 'has no room to grow, its file system is full',
  'read-only': "can't be written",
  unavailable: "can't be opened, read or written",
  damaged: 'is damaged, or no database: put back a copy of it',
};

/** An error of SQLite's as the rest of Holdfast knows it. */
export function sqliteError(
  file: string,
  {code, message}: {readonly code: string; readonly message: string},
): MetadataError {
  const kind = faults[code.split('_')[1] ?? ''] ?? 'query';
  const sentence = sentences[kind];
  const text = sentence === undefined ? message : `${file} ${sentence} (${message})`;
  return new MetadataError(kind, text, {code});
}
