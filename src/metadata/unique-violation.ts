/** How the engines say that a key or a name is taken. */
import {MetadataError} from './metadata-error.ts';

const uniqueViolations: ReadonlySet<string> = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'ER_DUP_ENTRY',
  '23505',
]);

/** Whether a row was refused because there is one with the same key or name. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof MetadataError && uniqueViolations.has(error.code ?? '');
