/**
 * Secrets that the registry makes, and knows by their form: `hfa_<id>_<secret>` is an application token, `hfr_<id>_<secret>` a refresh
 * token, `hfs_<id>_<secret>` the session of a browser. The id finds it; of the secret, 256 random bits in base62 and six characters of CRC-32 over all before them, so that a typing
 * error needs no look-up and scanners of source code can tell a token from chance. Only the hash is kept.
 */
import {hash, randomBytes, timingSafeEqual} from 'node:crypto';
import {crc32} from 'node:zlib';

const letters = {application: 'a', refresh: 'r', session: 's'} as const;
export type SecretTokenKind = keyof typeof letters;

const kinds: Readonly<Record<string, SecretTokenKind>> = {
  a: 'application',
  r: 'refresh',
  s: 'session',
};

export interface SecretTokenName {
  readonly kind: SecretTokenKind;
  readonly id: string;
}

/** `text` is shown once; `hash` is what is kept. */
export interface NewSecretToken extends SecretTokenName {
  readonly text: string;
  readonly hash: string;
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idBytes = 12;
const secretBytes = 32;
const [idLength, secretLength, sumLength] = [17, 43, 6];
const grammar = new RegExp(
  `^(hf([ars])_([0-9A-Za-z]{${idLength}})_[0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${sumLength}})$`,
);

export function createSecretToken(kind: SecretTokenKind): NewSecretToken {
  const id = base62(randomNumber(idBytes), idLength);
  const body = `hf${letters[kind]}_${id}_${base62(randomNumber(secretBytes), secretLength)}`;
  const text = body + checksum(body);
  return {kind, id, text, hash: hashSecret(text)};
}

/** What a token calls itself; nothing is proven by it. `undefined`: no token, or one with a typing error. */
export function readSecretToken(text: string): SecretTokenName | undefined {
  const match = grammar.exec(text);
  if (!match) return undefined;
  const [, body = '', letter, id = '', sum] = match;
  if (checksum(body) !== sum) return undefined;
  return {kind: kinds[letter ?? ''] ?? 'refresh', id};
}

/** Whether somebody may have meant a token, whole or not: it is nobody else's business then. */
export const looksLikeSecretToken = (text: string): boolean => /^\s*hf[ars]_/.test(text);

/** SHA-256, hex. 256 random bits need no slow hash. */
export const hashSecret = (text: string): string => hash('sha256', text, 'hex');

/** Whether the secret has this hash; takes as long for any that has not. */
export const secretMatches = (text: string, expected: string): boolean =>
  isSameSecret(hashSecret(text), expected);

/** Compares in a time that tells nothing but the lengths. */
export function isSameSecret(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const checksum = (body: string): string => base62(BigInt(crc32(body)), sumLength);

const randomNumber = (bytes: number): bigint => BigInt(`0x${randomBytes(bytes).toString('hex')}`);

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text;
  return text.padStart(length, '0');
}
