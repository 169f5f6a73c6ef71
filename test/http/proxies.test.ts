import test from 'ava';
import {config, pushBlob, pushImage, startUpload} from '../support/content.ts';
import {startInProcess, type Settings} from '../support/in-process.ts';
import {exchange} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const start = 'POST /v2/a/blobs/uploads/';
const trusted = {trustedProxies: ['127.0.0.0/8']};
const absolute = {locations: 'absolute'} as const;

/** What a Location begins with, by settings and by what the request's headers say. */
const locations: Readonly<
  Record<string, readonly [Settings, headers: readonly string[], begin: string]>
> = {
  'are relative, whatever the Host': [{}, ['X-Forwarded-Host: evil.example'], '/v2/a/'],
  'are absolute by the Host where asked for': [{http: absolute}, [], 'http://test/v2/a/'],
  'leave out a Host that makes no sense': [{http: absolute}, ['Host: evil/"> ?'], '/v2/a/'],
  'begin with externalUrl, whatever the Host and the proxy say': [
    {externalUrl: 'https://registry.example/', http: {...trusted, ...absolute}},
    ['X-Forwarded-Host: evil.example', 'X-Forwarded-Prefix: /evil'],
    'https://registry.example/v2/a/',
  ],
  'keep the path of externalUrl': [
    {externalUrl: 'https://registry.example:8443/deep/down/'},
    [],
    'https://registry.example:8443/deep/down/v2/a/',
  ],
  'follow a trusted proxy': [
    {http: {...trusted, ...absolute}},
    ['X-Forwarded-Host: registry.example:8443', 'X-Forwarded-Proto: https'],
    'https://registry.example:8443/v2/a/',
  ],
  'follow the first of several proxies': [
    {http: {...trusted, ...absolute}},
    ['X-Forwarded-Host: outer.example, inner.example', 'X-Forwarded-Proto: https,http'],
    'https://outer.example/v2/a/',
  ],
  'follow the prefix of a trusted proxy': [
    {http: trusted},
    ['X-Forwarded-Prefix: /some/where/'],
    '/some/where/v2/a/',
  ],
  'do not follow a stranger': [
    {http: {...absolute, trustedProxies: ['10.0.0.0/8', '::1']}},
    ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'X-Forwarded-Prefix: /evil'],
    'http://test/v2/a/',
  ],
  'do not follow a prefix that leads to another host': [
    {http: trusted},
    ['X-Forwarded-Prefix: //evil.example'],
    '/v2/a/',
  ],
  'do not follow a Host that is more than a host': [
    {http: {...trusted, ...absolute}},
    ['X-Forwarded-Host: evil.example/path?', 'X-Forwarded-Proto: javascript'],
    'http://test/v2/a/',
  ],
};

for (const [fact, [settings, headers, begin]] of Object.entries(locations)) {
  test(`Locations ${fact}`, async (t) => {
    const holdfast = await startInProcess(t, settings);
    const answer = await exchange(t, holdfast, start, headers);
    t.is(answer?.status, 202);
    t.is(answer?.headers['location']?.slice(0, begin.length), begin);
  });
}

test('Link headers and the Locations of blobs and manifests begin with externalUrl', async (t) => {
  const externalUrl = 'https://registry.example/below';
  const holdfast = await startInProcess(t, {externalUrl});
  for (const name of ['a', 'b']) await pushImage(holdfast.api, name, {tag: 'v1'});
  const begins = (text: string | undefined) => text?.startsWith(`${externalUrl}/v2/`);
  const pushed = await holdfast.api.post(`/v2/a/blobs/uploads/?mount=${config.digest}&from=b`);
  t.is(pushed.status, 201);
  t.true(begins(pushed.get('Location')));
  const list = await holdfast.api.get('/v2/_catalog?n=1');
  t.true(begins(list.get('Link')?.slice(1)));
});

for (const [path, status] of [
  ['/below/v2/', 200],
  ['/v2/', 200],
  ['/below/v2/_catalog?n=5', 200],
  ['/below/below/v2/', 404],
  ['/belowv2/', 404],
  ['/below', 404],
  ['/below//v2/', 404],
  ['/below/v2/a/tags/list', 404],
] as const) {
  test(`with the prefix /below, ${path} is answered ${status}`, async (t) => {
    const holdfast = await startInProcess(t, {externalUrl: 'https://registry.example/below'});
    t.is((await exchange(t, holdfast, `GET ${path}`))?.status, status);
  });
}

test('an upload goes on under the Location that it was given, prefix and all', async (t) => {
  const holdfast = await startInProcess(t, {externalUrl: 'https://registry.example/below'});
  const {pathname, search} = new URL(await startUpload(holdfast.api, 'a'));
  t.true(pathname.startsWith('/below/v2/a/blobs/uploads/'));
  const answer = await exchange(t, holdfast, `PATCH ${pathname}${search}`, [], '12345');
  t.is(answer?.status, 202);
  t.is(answer?.headers['range'], '0-4');
});

/** The client's address in the log, by who is trusted and what they say. */
const clients: readonly (readonly [
  trustedProxies: string[],
  forwardedFor: string,
  client: string,
])[] = [
  [[], '203.0.113.7', '127.0.0.1'],
  [['10.0.0.0/8'], '203.0.113.7', '127.0.0.1'],
  [['127.0.0.1'], '203.0.113.7', '203.0.113.7'],
  [['127.0.0.0/8'], '', '127.0.0.1'],
  [['127.0.0.1'], 'forged, 198.51.100.1, 203.0.113.7', '203.0.113.7'],
  [['127.0.0.1', '10.0.0.0/8'], '203.0.113.7, 10.1.2.3', '203.0.113.7'],
  [['127.0.0.1', '10.0.0.0/8'], '10.9.9.9, 10.1.2.3', '10.9.9.9'],
  [['127.0.0.1', '2001:db8::/32'], '203.0.113.7, 2001:db8::5', '203.0.113.7'],
  [['127.0.0.1'], '::ffff:203.0.113.7', '203.0.113.7'],
  [['127.0.0.1'], '203.0.113.7:51234', '203.0.113.7'],
  [['127.0.0.1'], '[2001:db8::1]:51234', '2001:db8::1'],
  [['127.0.0.1'], '[2001:db8::1]', '2001:db8::1'],
  [['127.0.0.1'], '2001:0DB8:0::1', '2001:db8::1'],
  [['::ffff:127.0.0.1'], '203.0.113.7', '203.0.113.7'],
];

for (const [trustedProxies, forwardedFor, client] of clients) {
  const who = trustedProxies.join(' and ') || 'nobody';
  test(`with ${who} trusted, a request for "${forwardedFor}" is logged as from ${client}`, async (t) => {
    const holdfast = await startInProcess(t, {http: {trustedProxies}});
    await exchange(t, holdfast, 'GET /v2/', [`X-Forwarded-For: ${forwardedFor}`]);
    await until(() => holdfast.log.some(({msg}) => msg === 'request'));
    t.is(holdfast.log.find(({msg}) => msg === 'request')?.['client'], client);
  });
}

test('a blob is mounted and pulled by relative Locations', async (t) => {
  const holdfast = await startInProcess(t);
  await pushBlob(holdfast.api, 'a', config);
  const mounted = await holdfast.api.post(`/v2/b/blobs/uploads/?mount=${config.digest}&from=a`);
  t.is(mounted.get('Location'), `/v2/b/blobs/${config.digest}`);
});
