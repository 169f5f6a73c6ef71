/** Manifests: right ones, and those that are wrong in one place. */
import type {Random} from '../load/random.ts';
import type {Pool} from './pool.ts';
import {hashOf, oddText, strangeDigest} from './words.ts';

const types = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.test.thing+json',
  'application/json',
] as const;

export const config = '{}';
const configDescriptor = {
  mediaType: 'application/vnd.oci.image.config.v1+json',
  digest: hashOf('sha256', config),
  size: config.length,
};

export const mediaType = (random: Random): string =>
  random.choose([
    [8, () => random.pick(types)],
    [1, () => `${random.pick(types)}; charset=utf-8`],
    [1, () => random.pick(['text/html', 'a', '', '*/*', 'application/+json', ' ', ';', '\xff'])],
  ]);

export function manifest(random: Random, pool: Pool): Buffer {
  const json = JSON.stringify(content(random, pool));
  return random.choose([
    [14, () => Buffer.from(json)],
    [6, () => Buffer.from(spoiled(random, json))],
    [1, () => Buffer.from(json).subarray(0, random.below(json.length))],
    [1, () => Buffer.concat([Buffer.from(json), Buffer.of(random.below(256))])],
    [1, () => Buffer.from(`\ufeff${json}`)],
    [1, () => Buffer.from(json, 'utf16le')],
    [1, () => Buffer.from(deep(random))],
  ]);
}

function content(random: Random, pool: Pool): object {
  const type = random.pick(types);
  const descriptor = () => ({
    ...configDescriptor,
    digest: random.chance(0.3) ? (random.pick(pool.digests) ?? '') : configDescriptor.digest,
  });
  const isIndex = /index|list/.test(type);
  return {
    schemaVersion: 2,
    ...(random.chance(0.8) ? {mediaType: type} : {}),
    ...(isIndex ? {manifests: random.chance(0.5) ? [] : [descriptor()]} : {}),
    ...(isIndex
      ? {}
      : {config: configDescriptor, layers: random.chance(0.7) ? [] : [descriptor()]}),
    ...(random.chance(0.3) ? {subject: {...descriptor(), digest: subject(random, pool)}} : {}),
    ...(random.chance(0.3) ? {artifactType: `application/vnd.test.${random.below(3)}`} : {}),
    ...(random.chance(0.4) ? {annotations: {n: String(random.below(500))}} : {}),
  };
}

const subject = (random: Random, pool: Pool): string =>
  random.pick(pool.digests.slice(-20)) ?? strangeDigest(random);

const values: readonly [string, ...string[]] = [
  'null',
  '-1',
  '-0',
  '1e400',
  '1.5',
  '1e-7',
  '9007199254740993',
  '123456789012345678901234567890',
  'true',
  '""',
  '"x"',
  '"\\ud800"',
  '"\\u0000"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"layers":[]}}',
  '{"constructor":1,"toString":2}',
  '{"a":1,"a":2}',
];

/** Another value, key or doubled field somewhere. */
function spoiled(random: Random, json: string): string {
  const fields = [...json.matchAll(/"(\w+)":("[^"]*"|\d+|\[\]|\{[^{}]*\})/g)];
  const [whole = '', key = '', value = ''] = random.pick(fields) ?? [];
  return random.choose([
    [5, () => json.replace(whole, `"${key}":${random.pick(values)}`)],
    [2, () => json.replace(whole, `"${key}":${JSON.stringify(oddText(random))}`)],
    [1, () => json.replace(whole, `${whole},${whole}`)],
    [1, () => json.replace(whole, `"${oddText(random).replace(/["\\]/g, '')}":${value}`)],
    [1, () => json.replace(whole, `"__proto__":${value}`)],
    [1, () => json.replace(whole, `"${key}":${JSON.stringify('z'.repeat(random.below(50_000)))}`)],
  ]);
}

function deep(random: Random): string {
  const depth = random.below(random.chance(0.5) ? 80 : 20_000);
  return random.pick([
    '['.repeat(depth) + ']'.repeat(depth),
    '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
    '{"layers":['.repeat(depth),
  ]);
}
