/** What a client of the API did wrong, or what it can't have at present: one table of codes, each with its status. */

export const apiErrors = {
  /** The request could not be understood: a parameter, or JSON that is none. */
  'bad-request': 400,
  unauthorized: 401,
  denied: 403,
  /** It is not there, or not for this caller. */
  unknown: 404,
  /** Switched off, over for good, or no method of this address. */
  off: 405,
  timeout: 408,
  taken: 409,
  /** A rule stands against it, as that of the last admin. */
  refused: 409,
  /** It is not what If-Match says. */
  changed: 412,
  'too-large': 413,
  'not-json': 415,
  /** Fields of the body are not as they must be. */
  invalid: 422,
  limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ApiErrorCode = keyof typeof apiErrors;

/** One thing that is wrong. */
export interface ApiFault {
  readonly message: string;
  /** Of the body, or the parameter. */
  readonly field?: string;
}

interface ApiErrorOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sentences for a person, without passwords and tokens. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly faults: readonly ApiFault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ApiErrorCode,
    faults: string | readonly ApiFault[],
    {headers = {}, ...options}: ApiErrorOptions = {},
  ) {
    const list = typeof faults === 'string' ? [{message: faults}] : faults;
    super(list.map(({message}) => message).join('; '), options);
    this.name = 'ApiError';
    this.code = code;
    this.faults = list;
    this.headers = headers;
  }
}
