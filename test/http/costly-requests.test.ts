/**
 * One request must not stop the process for all others: what takes long is made to take long by its sender. What counts is how long the
 * thread has worked that serves all of them, and that is the test's own; a busy machine tells nothing.
 */
import test from 'ava';
import {
  config,
  contentOf,
  getBytes,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {exchange} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

/** Milliseconds that this thread has worked so far. */
const worked = (): number => {
  const {user, system} = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Nearly as long as headers may be. */
const length = 65_000;
const spaces = ' '.repeat(length);
const slashes = '/'.repeat(length);

const heads: Readonly<Record<string, readonly [line: string, ...headers: string[]]>> = {
  'a query of one name very often': [`GET /v2/_catalog?${'n&'.repeat(length / 2)}`],
  'a query of many names': [
    `GET /v2/_catalog?${Array.from({length: length / 7}, (_, at) => `a${at}&`).join('')}`,
  ],
  'a list position of many parts': [`GET /v2/_catalog?last=${'a/'.repeat(length / 2)}`],
  'a path of many parts': [`GET /v2/${'a/blobs/uploads/'.repeat(length / 16)}`],
  'a path of many slashes': [`GET /v2/${slashes}x/tags/list`],
  'a path of many escapes': [`GET /v2/${'%2f'.repeat(length / 3)}/tags/list`],
  'a path of what begins like tokens': [`GET /${'eyJ'.repeat(length / 3)}`],
  'a path of halves of tokens': [`GET /${'eyJaaaaaaaa.'.repeat(length / 12)}`],
  'a User-Agent of what begins like tokens': [
    'GET /v2/',
    `User-Agent: ${'eyJ'.repeat(length / 3)}`,
  ],
  'a Range of spaces': ['GET {blob}', `Range: bytes=${spaces}x`],
  'a Range that ends with spaces': ['GET {blob}', `Range: bytes=1-${spaces}x`],
  'a Range of digits': ['GET {blob}', `Range: bytes=${'1'.repeat(length)}x`],
  'a Range of many ranges': ['GET {blob}', `Range: bytes=${'0-1,'.repeat(length / 4)}x`],
  'an If-None-Match of many tags': ['GET {blob}', `If-None-Match: ${'"a", '.repeat(length / 5)}x`],
  'an If-None-Match of spaces': ['GET {blob}', `If-None-Match: a${spaces}x`],
  'a Content-Type of spaces': ['PUT /v2/a/manifests/x', `Content-Type: a${spaces}x`],
  'a forwarded prefix of slashes': ['GET /v2/', `X-Forwarded-Prefix: ${slashes}!`],
  'a forwarded prefix of names': ['GET /v2/', `X-Forwarded-Prefix: ${'/a'.repeat(length / 2)}!`],
  'a long chain of proxies': ['GET /v2/', `X-Forwarded-For: ${'::1,'.repeat(length / 4)}`],
  'a forwarded host of letters': ['GET /v2/', `X-Forwarded-Host: ${'a'.repeat(length)}!`],
};

for (const [name, [line, ...headers]] of Object.entries(heads)) {
  test.serial(`${name} takes no second`, async (t) => {
    const server = await startInProcess(t, {http: {trustedProxies: ['127.0.0.1']}});
    const layer = randomContent();
    await pushImage(server.api, 'a', {layers: [layer]});
    const blob = `/v2/a/blobs/${layer.digest}`;
    const before = worked();
    const answer = await exchange(t, server, line.replace('{blob}', blob), headers);
    t.true(worked() - before < 1000);
    t.true(answer && answer.status < 500);
  });
}

const repeat = (text: string, bytes: number): string =>
  Array.from({length: Math.floor(bytes / (text.length + 1))}, () => text).join(',');
const fieldsOf = (value: string): string =>
  Array.from({length: 300_000}, (_, at) => `"${at.toString(36)}":${value}`).join(',');
const image = `"schemaVersion":2,"mediaType":"${mediaTypes.image}"`;
const index = `"schemaVersion":2,"mediaType":"${mediaTypes.index}"`;
const most = 4_000_000;

const manifests: Readonly<Record<string, string>> = {
  'a million empty layers': `{${image},"layers":[${repeat('{}', most)}]}`,
  'a million numbers for manifests': `{${index},"manifests":[${repeat('1', most)}]}`,
  'a million numbers for addresses': `{${image},"config":{"urls":[${repeat('1', most)}]}}`,
  'numbers for annotations': `{${image},"annotations":{${fieldsOf('1')}}}`,
  'very many fields of their own': `{${image},${fieldsOf('1')}}`,
  'long keys that are wrong': `{${image},"annotations":{"${'a'.repeat(most)}":1}}`,
  'colons behind a long string': `"\\n${'a'.repeat(most / 2)}"${':'.repeat(most / 2)}`,
  'objects behind a long string': `["\\n${'a'.repeat(most / 2)}",${'{:},'.repeat(most / 8)}1]`,
  'a long media type': `{"mediaType":"${'a'.repeat(most)}"}`,
};

for (const [name, manifest] of Object.entries(manifests)) {
  test.serial(
    `a manifest of 4 MB with ${name} is refused in no time, and in few words`,
    async (t) => {
      const server = await startInProcess(t);
      const before = worked();
      const headers = ['Content-Type: application/vnd.oci.image.manifest.v1+json'];
      const answer = await exchange(t, server, 'PUT /v2/a/manifests/x', headers, manifest);
      t.true(worked() - before < 2500);
      t.is(answer?.status, 400);
      t.true(Number(answer?.body.length) < 16_384);
    },
  );
}

const annotations = Object.fromEntries(
  Array.from({length: 200_000}, (_, at) => [`annotation${at.toString(36)}`, 'v']),
);
const heavy: Readonly<Record<string, object>> = {
  '200,000 annotations': {annotations},
  '200,000 annotations of its config': {config: {...config.descriptor, annotations}},
  'two million numbers of its own': {numbers: Array.from({length: 2_000_000}, () => 1)},
};

for (const [name, fields] of Object.entries(heavy)) {
  test.serial(`ten HEADs of a manifest of 4 MB with ${name} take no second together`, async (t) => {
    const {api} = await startInProcess(t);
    await pushBlob(api, 'a', config);
    const usual = {mediaType: mediaTypes.image, config: config.descriptor, layers: []};
    const json = JSON.stringify({schemaVersion: 2, ...usual, ...fields});
    const image = contentOf(json, mediaTypes.image);
    t.true(image.bytes.length > 3_900_000);
    await putManifest(api, 'a', 'v1', image).expect(201);
    // Its fields go into the index once, after the answer.
    await until(async () => {
      const shown = await api.get('/api/v1/repositories/a/tags/v1');
      return shown.status === 200;
    });
    const before = worked();
    for (let count = 0; count < 10; count += 1) {
      const answer = await api.head('/v2/a/manifests/v1').expect(200);
      t.is(answer.get('Content-Length'), String(image.bytes.length));
      t.is(answer.get('Content-Type'), mediaTypes.image);
    }
    t.true(worked() - before < 1000, String(worked() - before));
    t.true(image.bytes.equals((await getBytes(api, '/v2/a/manifests/v1')).body as Buffer));
  });
}
