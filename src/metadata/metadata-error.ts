/** Why the database can't be used, or did not do what it was asked. */
export const metadataFaults = [
  /** A rule of the tables stands against it: a name that is taken, a row that does not exist. */
  'constraint',
  /** Another process held it for longer than we wait. */
  'busy',
  'full',
  'read-only',
  /** It can't be opened, read or written at present. */
  'unavailable',
  /** Damaged, or no database. */
  'damaged',
  /** A newer version of Holdfast has changed it. */
  'newer',
  /** It must not be used where it lies, or as it is. */
  'refused',
  /** The thread that holds it ended; whether a commit in flight took place is not known. */
  'thread-ended',
  'closed',
  /** A fault of ours. */
  'query',
] as const;

export type MetadataFault = (typeof metadataFaults)[number];

/** The message names the file where that helps, and never a value of a query. */
export class MetadataError extends Error {
  readonly kind: MetadataFault;
  /** What the engine calls it: SQLITE_CONSTRAINT_UNIQUE. */
  readonly code: string | undefined;

  constructor(
    kind: MetadataFault,
    message: string,
    {code, ...options}: ErrorOptions & {readonly code?: string} = {},
  ) {
    super(message, options);
    this.name = 'MetadataError';
    this.kind = kind;
    this.code = code;
  }
}
