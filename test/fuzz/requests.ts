/** Requests by the grammar of the API, each part of which is wrong now and then. */
import type {Random} from '../load/random.ts';
import {config, manifest, mediaType} from './manifests.ts';
import type {Pool} from './pool.ts';
import type {Request} from './request.ts';
import {brokenDigest, hashOf, name, number, oddText, repositories, tag} from './words.ts';

/** Bytes out of a small set, so that the disk stays small too. */
const blob = (random: Random): Buffer =>
  random.choose([
    [1, () => Buffer.from(config)],
    [1, () => Buffer.alloc(0)],
    [8, () => Buffer.alloc(1 + random.below(300), `b${random.below(30)}`)],
    [2, () => Buffer.alloc(65_535 + random.below(3), 'c')],
    [0.3, () => Buffer.alloc(1_048_575 + random.below(3), 'd')],
  ]);

const reference = (random: Random, pool: Pool): string =>
  random.chance(0.6) ? tag(random) : pool.digest(random);

function query(random: Random, ...usual: readonly string[]): string {
  const parts = usual.filter((part) => part !== '');
  while (random.chance(0.15)) {
    const key = random.pick([
      'n',
      'last',
      'digest',
      'mount',
      'from',
      '_state',
      'tag',
      'artifactType',
    ]);
    parts.push(`${key}=${oddText(random)}`);
  }
  if (random.chance(0.02)) parts.push(...Array.from({length: 3000}, () => 'n'));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

const page = (random: Random): string =>
  query(
    random,
    random.chance(0.6) ? `n=${number(random)}` : '',
    random.chance(0.4) ? `last=${random.chance(0.5) ? tag(random) : name(random)}` : '',
  );

function push(random: Random): Request {
  const body = blob(random);
  const digest = random.chance(0.9)
    ? hashOf(random.chance(0.8) ? 'sha256' : 'sha512', body)
    : brokenDigest(random);
  const target = `/v2/${name(random)}/blobs/uploads/${query(random, `digest=${digest}`)}`;
  return {method: 'POST', target, headers: [], body};
}

function start(random: Random, pool: Pool): Request {
  const from = random.chance(0.5) ? `from=${name(random)}` : '';
  const how = random.choose<string[]>([
    [4, () => []],
    [1, () => [`digest-algorithm=${random.pick(['sha512', 'sha256', 'md5', ''])}`]],
    [2, () => [`mount=${pool.digest(random)}`, from]],
  ]);
  const target = `/v2/${name(random)}/blobs/uploads/${query(random, ...how)}`;
  return {method: 'POST', target, headers: [], body: Buffer.alloc(0)};
}

function chunk(random: Random, pool: Pool): Request {
  const {location, offset} = pool.upload(random);
  const body = blob(random);
  const first = random.chance(0.9) ? String(offset) : number(random);
  const last = random.chance(0.9) ? String(offset + body.length - 1) : number(random);
  const headers = random.chance(0.5) ? [`Content-Range: ${first}-${last}`] : [];
  return {method: 'PATCH', target: location, headers, body};
}

function finish(random: Random, pool: Pool): Request {
  const {location, offset, digests} = pool.upload(random);
  // The last chunk is all there is, or there is none: only so the digest of the whole is known.
  const isWhole = offset === 0 || random.chance(0.3);
  const body = isWhole ? blob(random) : Buffer.alloc(0);
  const right = isWhole ? hashOf('sha256', body) : random.pick(digests);
  const digest = random.chance(0.8) && right !== undefined ? right : pool.digest(random);
  return {method: 'PUT', target: `${location}&digest=${digest}`, headers: [], body};
}

function putManifest(random: Random, pool: Pool): Request {
  const body = manifest(random, pool);
  const where = random.chance(0.3) ? hashOf('sha256', body) : reference(random, pool);
  const tags = random.chance(0.2) ? [`tag=${tag(random)}`, `tag=${tag(random)}`] : [];
  const headers = random.chance(0.5) ? [`Content-Type: ${mediaType(random)}`] : [];
  const target = `/v2/${name(random)}/manifests/${where}${query(random, ...tags)}`;
  return {method: 'PUT', target, headers, body};
}

const methods = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

function look(random: Random, pool: Pool): Request {
  const method = random.choose([
    [12, () => 'GET'],
    [4, () => 'HEAD'],
    [2, () => 'DELETE'],
    [1, () => random.pick(methods) ?? ''],
  ]);
  const where = name(random);
  const target = random.choose([
    [12, () => random.pick(pool.places) ?? '/v2/'],
    [4, () => `/v2/${where}/blobs/${pool.digest(random)}`],
    [4, () => `/v2/${where}/manifests/${reference(random, pool)}`],
    [2, () => `/v2/${where}/tags/list${page(random)}`],
    [2, () => `/v2/${where}/referrers/${pool.digest(random)}${page(random)}`],
    [1, () => `/v2/_catalog${page(random)}`],
    [2, () => pool.upload(random).location],
    [1, () => random.pick(['/v2/', '/v2', '/', '/healthz', '/readyz', '/metrics'])],
    [1, () => `/v2/${where}/${oddText(random)}/${oddText(random)}`],
  ]);
  const headers = random.chance(0.3) ? [`Range: bytes=${random.below(400)}-${number(random)}`] : [];
  return {method, target, headers, body: random.chance(0.03) ? blob(random) : undefined};
}

/** The config that right manifests name has to be there. */
const pushConfig = (random: Random): Request => ({
  method: 'POST',
  target: `/v2/${random.pick(repositories) ?? ''}/blobs/uploads/?digest=${hashOf('sha256', config)}`,
  headers: [],
  body: Buffer.from(config),
});

export const request = (random: Random, pool: Pool): Request =>
  random.choose([
    [pool.accounts ? 8 : 0, () => pool.accounts?.request(random) ?? look(random, pool)],
    [1, () => pushConfig(random)],
    [3, () => push(random)],
    [3, () => start(random, pool)],
    [5, () => chunk(random, pool)],
    [3, () => finish(random, pool)],
    [6, () => putManifest(random, pool)],
    [12, () => look(random, pool)],
  ]);
