/** What the system, Node or OpenSSL calls an error. */

/** `ENOENT`, `ERR_INVALID_URL` and their like; `undefined` for any other value. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** The same; what has no code is a bug of ours, and thrown on. */
export function codeOrThrow(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return code;
}
