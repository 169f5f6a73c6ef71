/** Lines of the access log, of whatever a client sends. */
import test from 'ava';
import fc from 'fast-check';
import {type AccessEntry, combinedLine, jsonLine} from '../../src/observability/access-line.ts';

const entry: AccessEntry = {
  at: new Date(2030, 9, 10, 13, 55, 6),
  client: '192.0.2.7',
  user: 'anna',
  method: 'GET',
  target: '/v2/a/tags/list?n=5',
  httpVersion: '1.1',
  route: 'tags',
  status: 200,
  bytes: 2326,
  ms: 12.345,
  referrer: 'https://example.org/start?session=1',
  userAgent: 'docker/27.0 (linux; "x")',
  requestId: 'abc',
};

/** Of the format as its readers know it. */
const combined =
  /^(\S+) - (\S+) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}(?::\d\d){3} [+-]\d{4})\] "([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)"\n$/;

test('a line has the form of Apache and nginx, with the time of the day of this place', (t) => {
  const [, client, user, time = '', ...rest] = combined.exec(combinedLine(entry)) ?? [];
  t.deepEqual([client, user], ['192.0.2.7', 'anna']);
  t.regex(time, /^10\/Oct\/2030:13:55:06 [+-]\d{4}$/);
  const [, day, clock = '', zone = ''] = /^([^:]+):(\S+) (\S+)$/.exec(time) ?? [];
  t.is(Date.parse(`${day?.replaceAll('/', ' ') ?? ''} ${clock} ${zone}`), entry.at.getTime());
  t.deepEqual(rest, [
    'GET /v2/a/tags/list?n=5 HTTP/1.1',
    '200',
    '2326',
    'https://example.org/start',
    String.raw`docker/27.0 (linux; \x22x\x22)`,
  ]);
});

test('what is not there is a -', (t) => {
  const line = combinedLine({...entry, user: undefined, referrer: '', userAgent: '', bytes: 0});
  t.regex(line, /^192\.0\.2\.7 - - \[.*\] "GET \S+ HTTP\/1\.1" 200 0 "-" "-"\n$/);
  const {user, referrer, userAgent, ...fields} = JSON.parse(
    jsonLine({...entry, user: undefined, referrer: '', userAgent: ''}),
  ) as Record<string, unknown>;
  t.deepEqual([user, referrer, userAgent], [undefined, undefined, undefined]);
  t.like(fields, {method: 'GET', status: 200, bytes: 2326, ms: 12.3, protocol: 'HTTP/1.1'});
});

const texts = ['client', 'user', 'target', 'referrer', 'userAgent'] as const;

test('whatever a client sends, the line is one line, with nine words', (t) => {
  const nasty = fc.oneof(
    fc.string({unit: 'binary', maxLength: 40}),
    fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\r\n',
      '" 200 1 "-" "x',
      ' - root [',
      '\u001b[31m',
      '\u2028',
      '\\"',
    ),
  );
  const request = fc.record(Object.fromEntries(texts.map((name) => [name, nasty])));
  fc.assert(
    fc.property(request, (strange) => {
      const given = {...entry, ...strange};
      const line = combinedLine(given);
      t.regex(line, combined);
      t.regex(line, /^[\x20-\x7e]*\n$/);
      const json = jsonLine(given);
      t.is(json.indexOf('\n'), json.length - 1);
      t.notRegex(json, /[\p{Cc}\p{Bidi_Control}\u2028\u2029]./u);
      t.notThrows(() => JSON.parse(json) as unknown);
    }),
  );
});

for (const [target, shown] of [
  ['/v2/?n=1&last=a', '/v2/?n=1&last=a'],
  [
    '/v2/a/blobs/uploads/1?_state=abc&digest=sha256:1',
    '/v2/a/blobs/uploads/1?_state=[redacted]&digest=sha256:1',
  ],
  [
    '/auth/oidc/x/callback?code=secret&state=s',
    '/auth/oidc/x/callback?code=[redacted]&state=[redacted]',
  ],
  [
    '/auth/token?service=s&scope=repository:a:pull&refresh_token=r',
    '/auth/token?service=s&scope=repository:a:pull&refresh_token=[redacted]',
  ],
  ['/?password', '/?[redacted]'],
  ['/?n', '/?n'],
  ['/?%6e=1', '/?[redacted]'],
  ['/?a=b?n=1', '/?a=[redacted]'],
  ['/?', '/?[redacted]'],
  [`/eyJhbGciOiJub25l.eyJzdWIiOiIxIn0.c2lnbmF0dXJl`, '/[redacted]'],
] as const) {
  test(`${target} is told as ${shown}`, (t) => {
    t.true(combinedLine({...entry, target}).includes(`"GET ${shown} HTTP/1.1"`));
    t.is((JSON.parse(jsonLine({...entry, target})) as {target: string}).target, shown);
  });
}

test('a line is short, however long what a client sends is', (t) => {
  const long = 'x'.repeat(60_000);
  const line = combinedLine({
    ...entry,
    target: `/${long}?${long}`,
    referrer: long,
    userAgent: long,
  });
  t.true(line.length < 7000, String(line.length));
});
