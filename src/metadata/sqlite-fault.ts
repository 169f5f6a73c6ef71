/** Errors of SQLite's, as the rest of Holdfast knows them. */
import {MetadataError, type MetadataFault} from './metadata-error.ts';

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

export function sqliteError(
  file: string,
  {code, message}: {readonly code: string; readonly message: string},
): MetadataError {
  const kind = faults[code.split('_')[1] ?? ''] ?? 'query';
  const sentence = sentences[kind];
  const text = sentence === undefined ? message : `${file} ${sentence} (${message})`;
  return new MetadataError(kind, text, {code});
}
