/** What the API, or the way to it, has against a request. */
interface Fault {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** `offline`: there was no answer; others are those of the API. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly Fault[];
  /** Of the log of the registry. */
  readonly requestId: string | undefined;
  /** In seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    {
      status = 0,
      code = 'offline',
      faults = [],
      requestId,
      retryAfter,
      cause,
    }: {
      readonly status?: number;
      readonly code?: string;
      readonly faults?: readonly Fault[];
      readonly requestId?: string | undefined;
      readonly retryAfter?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, {cause});
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.faults = faults;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** By the fields of a form: `{name: 'is taken'}`. */
  byField(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.faults.flatMap(({field, message}) => (field === undefined ? [] : [[field, message]])),
    );
  }
}

export function problemOf({status, headers}: Response, body: unknown): Problem {
  const faults = faultsIn(body);
  const retryAfter = Number(headers.get('Retry-After') ?? Number.NaN);
  return new Problem(faults.map(({message}) => message).join('; ') || `HTTP ${status}`, {
    status,
    code: faults[0]?.code ?? 'internal',
    faults,
    requestId: headers.get('X-Request-Id') ?? undefined,
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
  });
}

/** A proxy in between may answer anything. */
function faultsIn(body: unknown): readonly Fault[] {
  if (typeof body !== 'object' || body === null || !('errors' in body)) return [];
  const {errors} = body;
  if (!Array.isArray(errors)) return [];
  return errors.filter(
    (each: unknown): each is Fault =>
      typeof each === 'object' && each !== null && 'code' in each && 'message' in each,
  );
}
