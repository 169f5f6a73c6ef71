/** Where a browser is led after a sign-in at an OpenID provider: to the page it came from, and never elsewhere. */
import test from 'ava';
import {signIn, startWithProvider} from '../support/sign-in.ts';
import {localPlace} from '../../src/http/sign-in/place.ts';
import {WebClient} from '../support/web-client.ts';

async function ledTo(
  holdfast: Awaited<ReturnType<typeof startWithProvider>>,
  query: string,
): Promise<{readonly client: WebClient; readonly url: string}> {
  const client = new WebClient();
  const form = await client.get(`${holdfast.url}/auth/oidc/corp?${query}`);
  const {url} = await client.post(form.url, {login: 'sub-1'});
  return {client, url};
}

test('a sign-in leads back to the page that it was begun on', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('sub-1', {preferred_username: 'anna'});
  const to = '/api/v1/session?a=1&b=%2F';
  const {client, url} = await ledTo(holdfast, `to=${encodeURIComponent(to)}&remember=true`);
  t.is(url, `${holdfast.url}${to}`);
  const {body} = await client.get(`${holdfast.url}/api/v1/session`);
  t.like(JSON.parse(body), {user: {name: 'anna'}, isRemembered: true});
  const {answer} = await signIn(holdfast, 'sub-1');
  t.is(answer.url, `${holdfast.url}/`);
  t.regex(answer.body, /<div id="root">/);
});

test('a sign-in leads to no other site, whatever its address says', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('sub-1', {preferred_username: 'anna'});
  for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
    const {url} = await ledTo(holdfast, `to=${encodeURIComponent(to)}`);
    t.is(url, `${holdfast.url}/`, to);
  }
});

test('a sign-in that came to nothing leads to the page of the sign-in, with the way on from there', async (t) => {
  const holdfast = await startWithProvider(t);
  const {url} = await ledTo(holdfast, `to=${encodeURIComponent('/teams?page=2')}`);
  const {pathname, searchParams} = new URL(url);
  t.is(pathname, '/sign-in');
  t.deepEqual(Object.fromEntries(searchParams), {
    problem: 'denied-there',
    provider: 'corp',
    request: searchParams.get('request') ?? '',
    to: '/teams?page=2',
  });
});

test('below a path of a proxy it leads to the pages there', async (t) => {
  const holdfast = await startWithProvider(t, {}, {externalUrl: 'https://registry.example/images'});
  const answer = await holdfast.api.get('/images/auth/oidc/corp/callback?state=x').expect(303);
  t.regex(answer.get('Location') ?? '', /^\/images\/sign-in\?problem=not-begun&provider=corp&/);
});

test('of places that strangers write, those of this host alone are taken', (t) => {
  for (const text of ['/', '/teams', '/teams/makers?page=2#members', '/a//b', '/%2F%2Fevil']) {
    t.is(localPlace(text), text);
  }
  for (const text of [
    '',
    'teams',
    'https://evil.example',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/a/..//evil.example',
    '/.//evil.example',
    '/%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/a\r\nSet-Cookie: x=y',
    `/${'a'.repeat(600)}`,
    '/ä',
  ]) {
    t.is(localPlace(text), undefined, JSON.stringify(text));
  }
});
