/** `holdfast oidc test` against a real OpenID provider. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startOidcProvider} from '../support/oidc-provider.ts';
import {freePort} from '../support/ports.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {tlsServer} from '../support/tls-server.ts';
import {holdfast} from './holdfast.ts';

const externalUrl = 'https://registry.example.org';
const callback = `${externalUrl}/auth/oidc/corp/callback`;

async function tried(
  t: ExecutionContext,
  oidc: readonly object[],
  {
    words = [],
    others = {externalUrl},
  }: {readonly words?: readonly string[]; readonly others?: object} = {},
) {
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify({...others, auth: {oidc}}));
  return holdfast(['oidc', 'test', ...words], {cwd});
}

test('each step is printed, with the redirect address to register', async (t) => {
  const provider = await startOidcProvider(t);
  provider.allow(callback);
  const {code, stdout} = await tried(t, [provider.settings]);
  t.is(code, 0, stdout);
  for (const line of [
    /^ok {6}settings {3}corp: https:\S+, client holdfast/m,
    /^ok {6}redirect {3}register https:\/\/registry\.example\.org\/auth\/oidc\/corp\/callback at the provider/m,
    /^ok {6}connect /m,
    /^ok {6}TLS {8}TLSv1\.3, certificate verified/m,
    /^ok {6}discovery {2}the document of https:/m,
    /^ok {6}keys {7}1 \(RS256\)/m,
    /^ok {6}flow {7}authorization code with PKCE/m,
    /^ok {6}scopes {5}openid, profile, email/m,
    /^ok {6}client {5}holdfast is known there, with this secret/m,
  ]) {
    t.regex(stdout, line);
  }
});

test('what failed is told with what to change, and the exit code is 1', async (t) => {
  const provider = await startOidcProvider(t);
  provider.allow(callback);
  const {settings} = provider;
  const impostor = await tlsServer(t, (_request, response) => response.end('<html>'));
  for (const [change, step, advice] of [
    [{issuer: 'https://id.invalid'}, /^FAILED {2}name .*not known/m, /its issuer/],
    [{issuer: `https://127.0.0.1:${await freePort(t)}`}, /^FAILED {2}connect /m, /its issuer/],
    [{caFile: undefined}, /^FAILED {2}TLS .*not trusted/m, /^set its caFile/],
    [{issuer: impostor.url, caFile: impostor.caFile}, /^FAILED {2}discovery /m, /issuer/],
    [{issuer: `${settings.issuer}/realm`}, /^FAILED {2}discovery /m, /as the provider writes it/],
    [{scopes: ['openid', 'groupz']}, /^FAILED {2}scopes .*groupz/m, /auth\.oidc\[0\]\.scopes/],
    [{clientSecret: 'another secret'}, /^FAILED {2}client .*invalid_client/m, /clientSecret/],
    [{clientId: 'stranger'}, /^FAILED {2}client .*invalid_client/m, /clientId/],
  ] as const) {
    const {code, stdout} = await tried(t, [{...settings, ...change}]);
    t.is(code, 1, stdout);
    t.regex(stdout, step);
    t.regex(/-> (.*)/.exec(stdout)?.[1] ?? '', advice);
    t.is(stdout.match(/^FAILED/gm)?.length, 1, stdout);
    t.false(stdout.includes('another secret'));
  }
});

test('scripts get all of it as JSON', async (t) => {
  const provider = await startOidcProvider(t);
  const {code, stdout} = await tried(t, [provider.settings], {words: ['corp', '--json']});
  t.is(code, 0, stdout);
  t.like(JSON.parse(stdout), {isAccepted: true, redirectUrl: callback});
});

test('without externalUrl the address is not known, and the client is not tried', async (t) => {
  const {settings} = await startOidcProvider(t);
  const wrong = {...settings, clientSecret: 'another secret'};
  const {code, stdout} = await tried(t, [wrong], {others: {}});
  t.is(code, 0, stdout);
  t.regex(stdout, /^ok {6}redirect {3}register https:\/\/HOST\/auth\/oidc\/corp\/callback/m);
  t.regex(stdout, /-> set externalUrl/);
  t.notRegex(stdout, /client {5}/);
});

test('which provider is meant has to be clear, or it ends with 2', async (t) => {
  const one = {id: 'corp', issuer: 'https://id.invalid', clientId: 'holdfast'};
  const both = [one, {...one, id: 'lab'}];
  for (const [oidc, words, said] of [
    [[], [], /auth\.oidc is not set/],
    [both, [], /several providers, name one of them: corp, lab/],
    [both, ['\u001B[31m'], /auth\.oidc has no "\\u001b\[31m"; it has corp, lab/],
  ] as const) {
    const {code, stderr} = await tried(t, oidc, {words});
    t.is(code, 2);
    t.regex(stderr, said);
  }
});
