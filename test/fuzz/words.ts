/** The words of hostile clients: names, digests, tags, values, most of them nearly right. */
import {createHash} from 'node:crypto';
import type {Random} from '../load/random.ts';

export const repositories = ['a', 'b/c', 'library/x-y', 'blobs/uploads', 'v2', 'a/manifests'];
const tags = ['latest', 'v1', 'V1', '_', 'x.part', 'v1.tmp', 'a'.repeat(128)];

const oddTexts: readonly [string, ...string[]] = [
  '',
  '.',
  '..',
  '%2e%2e',
  '%2f',
  '..%2f..%2f..%2fetc',
  '%00',
  'a%00b',
  '%zz',
  '%',
  '%E0%A4%A',
  '%F0%9F%98%80',
  '%0d%0aX-Evil:%201',
  '\xe9',
  'A',
  'a//b',
  '/a',
  'a/',
  '-a',
  'a b',
  'a+b',
  '_',
  '__proto__',
  'constructor',
  'toString',
  '_layers',
  'a/_manifests',
  '.nfs1',
  'x.checkpoint',
  'a'.repeat(256),
  'a/'.repeat(120),
  'a'.repeat(3000),
  '*',
  '~',
  '"',
  "'",
  '<script>',
  '${7*7}',
  'null',
  '-1',
  '0',
  '1e9',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
];

export const oddText = (random: Random): string => random.pick(oddTexts);

export function hashOf(algorithm: 'sha256' | 'sha512', bytes: string | Buffer): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

export const strangeDigest = (random: Random): string =>
  hashOf(random.chance(0.7) ? 'sha256' : 'sha512', String(random.next()));

export const name = (random: Random): string =>
  random.choose([
    [12, () => random.pick(repositories) ?? ''],
    [2, () => `r${random.below(20)}/s${random.below(3)}`],
    [1, () => oddText(random)],
    [0.3, () => `${random.pick(repositories) ?? ''}/${oddText(random)}`],
  ]);

export const tag = (random: Random): string =>
  random.choose([
    [8, () => random.pick(tags) ?? ''],
    [3, () => `t${random.below(40)}`],
    [1, () => oddText(random)],
  ]);

export const brokenDigest = (random: Random): string =>
  random.choose([
    [1, () => strangeDigest(random).slice(0, -1)],
    [1, () => strangeDigest(random).toUpperCase()],
    [1, () => strangeDigest(random).replace(/^sha\d+/, 'md5')],
    [1, () => `sha256:${strangeDigest(random)}`],
    [1, () => `sha256:${oddText(random)}`],
    [1, () => `${strangeDigest(random)}${oddText(random)}`],
    [1, () => oddText(random)],
  ]);

export const number = (random: Random): string =>
  random.choose([
    [4, () => String(random.below(20))],
    [2, () => String(random.below(2_000_000))],
    [1, () => oddText(random)],
    [1, () => '9'.repeat(1 + random.below(400))],
    [1, () => `0${random.below(9)}`],
  ]);
