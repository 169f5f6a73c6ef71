/** Types of columns that all engines have, and how SQLite's errors are known here. */
import {MetadataError, type MetadataFault} from './metadata-error.ts';

/** Types of columns. What is indexed has a length: MariaDB wants one. */
export const columns = {
  id: 'varchar(64)',
  name: 'varchar(255)',
  word: 'varchar(32)',
  digest: 'varchar(160)',
  /** Mediumtext on MariaDB. */
  text: 'text',
  time: 'bigint',
  number: 'bigint',
  /** 0 or 1. */
  flag: 'integer',
} as const;

const codeOf = (error: unknown): string | undefined =>
  error instanceof MetadataError ? error.code : undefined;

/** As SQLite, MariaDB and PostgreSQL call it. */
const uniqueViolations: ReadonlySet<string> = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'ER_DUP_ENTRY',
  '23505',
]);

/** Whether a row was refused because there is one with the same key or name. */
export const isUniqueViolation = (error: unknown): boolean =>
  uniqueViolations.has(codeOf(error) ?? '');

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
