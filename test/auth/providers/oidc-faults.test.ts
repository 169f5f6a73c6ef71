/** What answers in the place of an OpenID provider when something is wrong: what an operator is told. */
import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {OidcProvider} from '../../../src/auth/providers/oidc.ts';
import {ProviderFault} from '../../../src/auth/providers/provider-fault.ts';
import {oidcSettings} from '../../../src/config/oidc-schema.ts';
import {type Issuer, startIssuer} from '../../support/issuer.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {never} from '../workbench.ts';

type Given = Readonly<Record<string, unknown>>;

function provide(given: Given): OidcProvider {
  const [settings] = oidcSettings.parse([{id: 'corp', clientId: 'x', timeout: '20s', ...given}]);
  if (!settings) throw new Error('it is not there');
  return new OidcProvider({settings, setting: 'auth.oidc[0]'});
}

const request = {callbackUrl: 'https://localhost/callback', state: 'x'};

/** By a look, and by a login. */
async function faultOf(t: ExecutionContext, given: Given): Promise<string> {
  const provider = provide(given);
  const found = await t.throwsAsync(provider.check(never), {instanceOf: ProviderFault});
  const again = await t.throwsAsync(provider.begin(request, never), {instanceOf: ProviderFault});
  t.is(again.message, found.message);
  return found.message;
}

const documentPath = '/.well-known/openid-configuration';

/** With a time-out where nothing else ends it. */
const spoilt: Readonly<
  Record<string, readonly [spoil: (issuer: Issuer) => void, said: RegExp, timeout?: string]>
> = {
  'answers garbage': [
    ({answers}) => {
      answers[documentPath] = (_form, response) => {
        response.end('<html>');
      };
    },
    /is not that of an OpenID provider/,
  ],
  'answers 404': [
    ({answers}) => {
      Reflect.deleteProperty(answers, documentPath);
    },
    /is not that of an OpenID provider: .*\(check the issuer/,
  ],
  'calls itself otherwise': [
    ({answers}) => {
      const issuer = 'https://another.example';
      answers[documentPath] = () => ({issuer, authorization_endpoint: `${issuer}/a`});
    },
    /does not match the expected issuer.*\(check the issuer/,
  ],
  redirects: [
    ({answers, url}) => {
      answers[documentPath] = (_form, response) => {
        response.writeHead(302, {Location: `${url}/elsewhere`}).end();
      };
    },
    /is not that of an OpenID provider/,
  ],
  'does not answer': [
    ({answers}) => {
      answers[documentPath] = () => undefined;
    },
    /no answer within 500 ms \(.*timeout/,
    '500ms',
  ],
  'stops in the middle': [
    ({answers}) => {
      answers[documentPath] = (_form, response) => {
        response.write('{"issuer":');
      };
    },
    /no answer within 500 ms/,
    '500ms',
  ],
  'sends without end': [
    ({answers}) => {
      answers[documentPath] = (_form, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      };
    },
    /the answer is too large/,
  ],
};

for (const [what, [spoil, said, timeout = '20s']] of Object.entries(spoilt)) {
  test(`a provider that ${what} is unavailable, soon and with a reason`, async (t) => {
    const issuer = await startIssuer(t);
    spoil(issuer);
    const fault = await faultOf(t, {issuer: issuer.url, caFile: issuer.caFile, timeout});
    t.regex(fault, said);
    t.is(issuer.asked.get('/elsewhere'), undefined);
  });
}

test('a provider that is down is unavailable with its address, and is there when it is back', async (t) => {
  const issuer = await startIssuer(t, {isAway: true});
  const provider = provide({issuer: issuer.url, caFile: issuer.caFile});
  const fault = await t.throwsAsync(provider.check(never), {instanceOf: ProviderFault});
  t.regex(fault.message, /^https:\/\/127\.0\.0\.1:\d+\/.*: nothing listens there/);
  await issuer.start();
  await provider.check(never);
  const {url} = await provider.begin(request, never);
  t.regex(url, /code_challenge=[\w-]{43}&code_challenge_method=S256/);
});

test('a certificate of an authority that is not trusted is told, with the setting that trusts it', async (t) => {
  const issuer = await startIssuer(t);
  t.regex(
    await faultOf(t, {issuer: issuer.url}),
    /the certificate is not trusted: .*\(set its caFile to the CA that signed it\)/,
  );
  await provide({issuer: issuer.url, verify: false}).check(never);
});

test('a certificate for another host is told', async (t) => {
  const {url, caFile} = await startIssuer(t, {names: ['another.example']});
  t.regex(await faultOf(t, {issuer: url, caFile}), /the certificate is not for this host/);
});

for (const [what, serve, said] of [
  ['speaks no TLS', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), /no TLS/],
  ['closes at once', (socket) => socket.destroy(), /closed|disconnected|socket/],
] as const satisfies readonly (readonly [string, (socket: Socket) => unknown, RegExp])[]) {
  test(`what ${what} is told`, async (t) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      serve(socket);
    }).listen(0, '127.0.0.1');
    t.teardown(() => server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    t.regex(await faultOf(t, {issuer: `https://127.0.0.1:${port}`}), said);
  });
}

test('a page that is no https:// address is no place to send a browser to', async (t) => {
  const issuer = await startIssuer(t);
  const known = issuer.answers[documentPath];
  issuer.answers[documentPath] = async (...given) => ({
    ...((await known?.(...given)) as object),
    authorization_endpoint: 'javascript:alert(1)',
  });
  const provider = provide({issuer: issuer.url, caFile: issuer.caFile});
  await t.throwsAsync(provider.begin(request, never), {
    instanceOf: ProviderFault,
    message: /only requests to HTTPS/,
  });
});

test('a file of a CA or of a secret that can not be read is a fault of its setting', async (t) => {
  const issuer = 'https://127.0.0.1:1';
  const empty = join(await temporaryDirectory(t), 'empty');
  await writeFile(empty, '\n');
  for (const [given, said] of [
    [{caFile: '/nowhere/ca.pem'}, /auth\.oidc\[0\]\.caFile.*does not exist/],
    [{clientSecretFile: '/nowhere/secret'}, /auth\.oidc\[0\]\.clientSecretFile.*does not exist/],
    [{clientSecretFile: empty}, /is empty/],
  ] as const) {
    t.throws(() => provide({issuer, ...given}), {message: said, name: 'ConfigError'});
  }
});
