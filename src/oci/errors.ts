/** Every error a client of the registry can meet, in one table. */

interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  /** The code on the wire, where a status of its own needs an entry of its own. */
  readonly code?: string;
}

/** The specification's codes; below them those that share a code but have a status of their own. */
export const errorCodes = {
  BLOB_UNKNOWN: {status: 404, message: 'the blob is not in this repository'},
  BLOB_UPLOAD_INVALID: {status: 400, message: 'the upload is not valid'},
  BLOB_UPLOAD_UNKNOWN: {status: 404, message: 'there is no such upload, or it has expired'},
  DENIED: {status: 403, message: 'the account may not do that'},
  DIGEST_INVALID: {status: 400, message: 'the digest does not fit the content'},
  MANIFEST_BLOB_UNKNOWN: {status: 404, message: 'the manifest names content that is not there'},
  MANIFEST_INVALID: {status: 400, message: 'the manifest is not valid'},
  MANIFEST_UNKNOWN: {status: 404, message: 'the manifest is not in this repository'},
  NAME_INVALID: {status: 400, message: 'the repository name is not valid'},
  NAME_UNKNOWN: {status: 404, message: 'there is no such repository'},
  SIZE_INVALID: {status: 400, message: 'the length does not fit the content'},
  TOOMANYREQUESTS: {status: 429, message: 'too many failed logins; try again later'},
  UNAUTHORIZED: {status: 401, message: 'a login is needed'},
  UNSUPPORTED: {status: 405, message: 'this operation is not supported'},

  NOT_FOUND: {code: 'UNSUPPORTED', status: 404, message: 'there is nothing at this address'},
  UPLOAD_RANGE_INVALID: {
    code: 'BLOB_UPLOAD_INVALID',
    status: 416,
    message: 'the chunk does not begin where the upload ends',
  },
  BLOB_RANGE_INVALID: {
    code: 'SIZE_INVALID',
    status: 416,
    message: 'the range lies outside the blob',
  },
  BODY_TIMEOUT: {code: 'SIZE_INVALID', status: 408, message: 'no byte of the body came in time'},
  CONTENT_TOO_LARGE: {code: 'SIZE_INVALID', status: 413, message: 'the content is too large'},
  MANIFEST_TOO_LARGE: {code: 'MANIFEST_INVALID', status: 413, message: 'the manifest is too large'},
  TOO_MANY_TAGS: {code: 'MANIFEST_INVALID', status: 414, message: 'too many tags in one request'},
  TOKEN_REQUEST_INVALID: {
    code: 'UNSUPPORTED',
    status: 400,
    message: 'this is no request for a token',
  },
  TOKEN_REQUEST_TOO_LARGE: {
    code: 'UNSUPPORTED',
    status: 413,
    message: 'a request for a token is not that large',
  },
  EVENTS_INVALID: {code: 'UNSUPPORTED', status: 400, message: 'this is no envelope of events'},
  EVENTS_TOO_LARGE: {
    code: 'UNSUPPORTED',
    status: 413,
    message: 'an envelope of events is not that large',
  },
  UNAVAILABLE: {status: 503, message: 'the storage does not answer; try again'},
  STORAGE_FULL: {code: 'UNAVAILABLE', status: 507, message: 'the storage is full'},
  STORAGE_READ_ONLY: {
    code: 'UNAVAILABLE',
    status: 503,
    message: 'the storage can only be read at present; pulls go on',
  },
  UNKNOWN: {status: 500, message: 'an internal error; the request id leads to it in the log'},
} as const satisfies Record<string, ErrorEntry>;

export type ErrorName = keyof typeof errorCodes;

/** One element of the `errors` list of an answer. */
export interface ErrorItem {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

interface RegistryErrorOptions extends ErrorOptions {
  /** Instead of the table's sentence. */
  readonly message?: string;
  readonly detail?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What went wrong, in the words of the specification. One answer may carry several of one kind. */
export class RegistryError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly ErrorItem[];

  constructor(
    name: ErrorName,
    options: RegistryErrorOptions | readonly RegistryErrorOptions[] = {},
  ) {
    const entry: ErrorEntry = errorCodes[name];
    const items = isList(options) ? options : [options];
    const errors = items.map(({message, detail}) => ({
      code: entry.code ?? name,
      message: message ?? entry.message,
      ...(detail === undefined ? {} : {detail}),
    }));
    super(errors[0]?.message ?? entry.message, {cause: items[0]?.cause});
    this.name = 'RegistryError';
    this.status = entry.status;
    this.headers = items[0]?.headers ?? {};
    this.errors = errors;
  }
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
