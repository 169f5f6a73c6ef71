/** The credentials of an Authorization header. */
import type {Credentials} from '../auth/ports.ts';

export type Authorization =
  | {readonly kind: 'none'}
  | ({readonly kind: 'basic'} & Credentials)
  | {readonly kind: 'bearer'; readonly token: string}
  /** Some other scheme, or no base64, or no UTF-8, or no colon. */
  | {readonly kind: 'malformed'};

const malformed = {kind: 'malformed'} as const;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** As RFC 7617 and RFC 6750 have it; a password may contain colons, a name may not. */
export function parseAuthorization(header: string): Authorization {
  if (header === '') return {kind: 'none'};
  const [start = '', scheme = ''] = /^([A-Za-z]+) +/.exec(header) ?? [];
  const rest = header.slice(start.length);
  // Each request has a token of a thousand characters: none of them is looked at one by one, until that has to be.
  if (rest === '' || rest.includes(' ')) return malformed;
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return {kind: 'bearer', token: rest};
    case 'basic':
      return parseBasic(rest);
    default:
      return malformed;
  }
}

function parseBasic(text: string): Authorization {
  if (!base64.test(text)) return malformed;
  const decoded = decodeUtf8(Buffer.from(text, 'base64'));
  const colon = decoded?.indexOf(':') ?? -1;
  if (decoded === undefined || colon === -1) return malformed;
  return {kind: 'basic', username: decoded.slice(0, colon), password: decoded.slice(colon + 1)};
}

/** Bytes that are no UTF-8 must not become the same character as others. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
