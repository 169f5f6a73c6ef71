/** Takes credentials out of what is about to be logged. */

const credentials = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'password',
]);
const censored = '[redacted]';

/** `err.config.headers.authorization` and one more; a cycle ends there too. */
const deepest = 5;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/**
 * The same object where it holds no credential, else a copy without. pino's own redaction takes 25 µs
 * a line for paths with so many wildcards, a third of a small request; this one takes 1.
 */
export function withoutCredentials(fields: Fields, depth = 0): Fields {
  let copy: Fields | undefined;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    let kept = value;
    if (credentials.has(key.toLowerCase())) kept = censored;
    // An Error is made into fields by its serializer, and comes here after that.
    else if (depth < deepest && isFields(value) && !(value instanceof Error)) {
      kept = withoutCredentials(value, depth + 1);
    }
    if (kept !== value) {
      copy ??= {...fields};
      copy[key] = kept;
    }
  }
  return copy ?? fields;
}
