/** How requests go over the wire: odd headers, odd framing, spoiled bytes, torn apart, slow, cut. */
import type {Speech} from '../load/connection.ts';
import type {Random} from '../load/random.ts';
import type {Pool} from './pool.ts';
import type {Request} from './request.ts';
import {request} from './requests.ts';
import {number, oddText} from './words.ts';

export interface Case extends Speech {
  /** The bytes are those of the requests, and all of them are sent: each has to be answered. */
  readonly isSound: boolean;
}

const oddHeaders = (random: Random): string =>
  random.choose([
    [6, () => `Range: bytes=${number(random)}-${random.chance(0.5) ? number(random) : ''}`],
    [2, () => `Range: ${oddText(random)}`],
    [1, () => `Range: bytes=${' '.repeat(random.below(3000))}-${' '.repeat(random.below(3000))}x`],
    [2, () => `Content-Range: ${oddText(random)}`],
    [1, () => `Content-Range: bytes ${number(random)}-${number(random)}/*`],
    [1, () => `If-None-Match: "${oddText(random)}"`],
    [1, () => 'If-None-Match: *'],
    [1, () => `If-Range: ${oddText(random)}`],
    [1, () => `Content-Type: ${oddText(random)}`],
    [1, () => `Accept: ${oddText(random)}`],
    [1, () => `Accept-Encoding: ${random.pick(['gzip', 'identity;q=0', '*;q=0'])}`],
    [1, () => `Authorization: ${random.pick(['Basic Og==', 'Bearer x', 'Basic', 'Negotiate'])}`],
    [1, () => `X-Forwarded-For: ${oddText(random)}`],
    [1, () => `X-Forwarded-Host: ${oddText(random)}`],
    [1, () => `X-Request-Id: ${oddText(random)}`],
    [1, () => `Upgrade: ${random.pick(['h2c', 'websocket', 'x'])}\r\nConnection: Upgrade`],
    [1, () => `Connection: ${random.pick(['close', 'keep-alive', 'x', 'close, close'])}`],
    [1, () => `X-${'a'.repeat(random.below(300))}: ${'b'.repeat(random.below(3000))}`],
  ]);

/** What makes it doubtful where the request ends, or whether it is one. */
const oddFraming = (random: Random): string =>
  random.choose([
    [1, () => `Content-Length: ${number(random)}`],
    [1, () => 'Transfer-Encoding: chunked'],
    [1, () => `Transfer-Encoding: ${random.pick(['gzip', 'chunked, chunked', 'identity', 'x'])}`],
    [1, () => `Expect: ${random.pick(['100-continue', 'lunch', '', '100-continue, x'])}`],
    [1, () => `Host: ${oddText(random)}`],
    [1, () => ` folded: ${oddText(random)}`],
    [1, () => 'no colon'],
    [1, () => `X: ${'a'.repeat(70_000)}`],
  ]);

const target = (random: Random, text: string): string =>
  random.choose([
    [30, () => text],
    [1, () => `http://test${text}`],
    [1, () => `/${text}`],
    [1, () => text.replaceAll('/', '%2F')],
    [1, () => text.replace('/v2/', '/v2/../v2/')],
    [1, () => `${text}#${oddText(random)}`],
    [1, () => random.pick(['*', 'test:443', '//', 'http://', '?', `${text} x`])],
  ]);

interface Wired {
  readonly bytes: Buffer;
  readonly isSound: boolean;
}

function wire(random: Random, pool: Pool, {method, target: path, headers, body}: Request): Wired {
  const isSound = random.chance(0.85);
  const lines = [`${method} ${isSound ? path : target(random, path)} HTTP/1.1`, 'Host: test'];
  lines.push(...headers, ...(pool.accounts?.headers(random) ?? []));
  while (random.chance(0.2)) lines.push(oddHeaders(random));
  if (!isSound) while (random.chance(0.5)) lines.push(oddFraming(random));
  const isChunked = body !== undefined && random.chance(0.3);
  if (isChunked) lines.push('Transfer-Encoding: chunked');
  else if (body) lines.push(`Content-Length: ${body.length}`);
  const framed = isChunked ? chunked(random, body, isSound) : (body ?? Buffer.alloc(0));
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), framed]);
  // A header or a target with what no header may have.
  return {bytes, isSound: isSound && /^[\t\r\n -~]*$/.test(lines.join('\r\n'))};
}

function chunked(random: Random, body: Buffer, isSound: boolean): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const length = Math.min(body.length - at, 1 + random.below(100_000));
    const size = isSound || random.chance(0.8) ? length.toString(16) : oddText(random);
    parts.push(Buffer.from(`${size}\r\n`), body.subarray(at, at + length), Buffer.from('\r\n'));
    at += length;
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

/** A few bytes are others, are gone, or stand twice. */
function spoil(random: Random, bytes: Buffer): Buffer {
  let spoiled = bytes;
  do {
    const at = random.below(Math.min(spoiled.length, 600));
    const [before, after] = [spoiled.subarray(0, at), spoiled.subarray(at)];
    spoiled = random.choose([
      [3, () => Buffer.concat([before, Buffer.of(random.below(256)), after.subarray(1)])],
      [2, () => Buffer.concat([before, after.subarray(1 + random.below(10))])],
      [2, () => Buffer.concat([before, Buffer.from(oddText(random)), after])],
      [1, () => Buffer.concat([before, before.subarray(-40), after])],
      [1, () => Buffer.concat([before, Buffer.from('\r\n'), after])],
    ]);
  } while (random.chance(0.4) && spoiled.length > 0);
  return spoiled;
}

function tear(random: Random, bytes: Buffer): readonly Buffer[] {
  if (random.chance(0.7)) return [bytes];
  const cuts = Array.from({length: 1 + random.below(4)}, () => random.below(bytes.length + 1));
  const edges = [0, ...cuts.sort((one, other) => one - other), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

/** The method as the server will read it: spoiled bytes may have made another of it. */
const methodIn = (bytes: Buffer): string =>
  bytes.toString('latin1', 0, 40).trimStart().split(' ')[0] ?? '';

export function speech(random: Random, pool: Pool): Case {
  const count = random.chance(0.8) ? 1 : 2 + random.below(4);
  const requests = Array.from({length: count}, () => wire(random, pool, request(random, pool)));
  const isSpoiled = random.chance(0.15);
  const isCut = random.chance(0.06);
  const whole = Buffer.concat(requests.map(({bytes}) => bytes));
  const sent = isSpoiled ? spoil(random, whole) : whole;
  const bytes = isCut ? sent.subarray(0, random.below(sent.length + 1)) : sent;
  const ending = random.choose<Case['ending']>([
    [isCut ? 0 : 12, () => 'wait'],
    [1, () => 'end'],
    [1, () => 'reset'],
  ]);
  const isSound =
    !isSpoiled && !isCut && ending === 'wait' && requests.every((each) => each.isSound);
  // Where nobody knows what the server will make of it, its first answer is judged.
  const methods = isSound ? requests.map((each) => methodIn(each.bytes)) : [methodIn(bytes)];
  return {
    pieces: tear(random, bytes),
    pause: random.chance(0.05) ? 1 + random.below(300) : 0,
    ending,
    methods,
    isSound,
  };
}
