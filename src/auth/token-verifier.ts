/** Says what a token is worth. Nobody is looked up: what the account may still do is asked elsewhere. */
import {hash} from 'node:crypto';
import {compactVerify, errors} from 'jose';
import {LRUCache} from 'lru-cache';
import {z} from 'zod';
import {type Clock, systemClock} from '../host/clock.ts';
import type {PublicKey} from './keys/public-key.ts';
import {claimsSchema, longestToken} from './token-claims.ts';
import {leeway, tokenOf} from './verified-token.ts';
import type {VerifiedToken} from './verified-token.ts';

type Refusal =
  | 'too-large'
  | 'malformed'
  | 'unknown-key'
  | 'wrong-algorithm'
  | 'bad-signature'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'no-account'
  | 'not-yet-valid';

export type Verification =
  | {readonly outcome: 'accepted'; readonly token: VerifiedToken}
  /** All else is right: an upload that was begun in time may go on with it. */
  | {readonly outcome: 'rejected'; readonly reason: 'expired'; readonly token: VerifiedToken}
  | {readonly outcome: 'rejected'; readonly reason: Refusal};

export interface TokenVerifier {
  /** Never rejects for what the token is. `from` is the connection it came by: most bring the same one again and again. */
  verify(token: string, from?: object): Promise<Verification>;
}

export interface TokenVerifierOptions {
  readonly keys: {
    trusted(kid: string): PublicKey | undefined;
    find(kid: string): Promise<PublicKey | undefined>;
  };
  /** The only `iss`. */
  readonly issuer: string;
  /** Each `aud` that is accepted. */
  readonly services: readonly string[];
  /** Whether those count that no account stands behind; so it is unless set. */
  readonly anonymous?: boolean;
  readonly now?: Clock;
}

/** Characters of all tokens that are remembered. */
const remembered = 16 * 1024 * 1024;
/** In characters: what a connection may hold beside its own buffers. */
const longestOfConnection = 4096;
const threeParts = /^([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)$/;
/** Of what else may stand there (x5c, jwk, jku) nothing is believed, so nothing is read. */
const headerSchema = z.object({alg: z.string(), kid: z.string().optional(), typ: z.literal('JWT')});

interface Remembered {
  readonly kid: string;
  readonly token: VerifiedToken;
}

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const {keys, now = systemClock} = options;
  // Expired ones too: an upload under its lease sends its token with each chunk.
  const cache = new LRUCache<string, Remembered>({maxSize: remembered});
  // Here the token itself is kept, as long as its connection: the digest takes longer than all else that is done for a token that is known.
  const last = new WeakMap<object, Remembered & {readonly text: string}>();
  return {
    async verify(text, from) {
      if (text.length > longestToken) return refused('too-large');
      const latest = from && last.get(from);
      if (latest?.text === text && keys.trusted(latest.kid) !== undefined) {
        return judge(latest.token, now());
      }
      const read = await recall(text);
      if (typeof read === 'string') return refused(read);
      if (from && text.length <= longestOfConnection) last.set(from, {...read, text});
      return judge(read.token, now());
    },
  };

  async function recall(text: string): Promise<Remembered | Refusal> {
    // Not under the token itself: a heap dump should hold none of those that nobody uses at present.
    const digest = hash('sha256', text, 'base64url');
    const known = cache.get(digest);
    if (known !== undefined && keys.trusted(known.kid) !== undefined) return known;
    const read = await readToken(text, options);
    if (typeof read !== 'string') cache.set(digest, read, {size: text.length});
    return read;
  }
}

const refused = (reason: Refusal): Verification => ({outcome: 'rejected', reason});

function judge(token: VerifiedToken, now: Date): Verification {
  const time = now.getTime();
  if (time >= token.expiresAt.getTime() + leeway) {
    return {outcome: 'rejected', reason: 'expired', token};
  }
  if (time < token.notBefore.getTime() - leeway) return refused('not-yet-valid');
  return {outcome: 'accepted', token};
}

/** All that does not change with time. */
async function readToken(
  text: string,
  {keys, issuer, services, anonymous = true}: TokenVerifierOptions,
): Promise<Remembered | Refusal> {
  const [, encodedHeader = '', signature] = threeParts.exec(text) ?? [];
  if (signature === undefined || !isCanonical(signature)) return 'malformed';
  const header = parsed(Buffer.from(encodedHeader, 'base64url'), headerSchema);
  if (header === undefined) return 'malformed';
  const {alg, kid = ''} = header;
  const key = await keys.find(kid);
  if (key === undefined) return 'unknown-key';
  // What the key is for decides, never the header: so neither `none` nor an HMAC under the public key is ever computed.
  if (alg !== key.algorithm) return 'wrong-algorithm';
  const payload = await signedPayload(text, key);
  if (typeof payload === 'string') return payload;
  const claims = parsed(payload, claimsSchema);
  if (claims === undefined) return 'malformed';
  if (claims.iss !== issuer) return 'wrong-issuer';
  if (!services.includes(claims.aud)) return 'wrong-audience';
  const token = tokenOf(claims);
  // From before the setting was changed.
  if (!anonymous && token.accountId === undefined) return 'no-account';
  return {kid, token};
}

/** The last character may have bits that count for nothing: with them one signature could be written in several ways. */
const isCanonical = (base64url: string): boolean =>
  Buffer.from(base64url, 'base64url').toString('base64url') === base64url;

async function signedPayload(text: string, key: PublicKey): Promise<Uint8Array | Refusal> {
  try {
    const {payload} = await compactVerify(text, key.key, {algorithms: [key.algorithm]});
    return payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
    if (error instanceof errors.JOSEError) return 'malformed';
    throw error;
  }
}

function parsed<T>(json: Uint8Array, schema: z.ZodType<T>): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(json).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
}
