/** A sign-in as people do it: Chromium, a real OpenID provider, TLS, and podman with the token that was made. */
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Page} from 'playwright-core';
import {startBrowser} from '../support/browser.ts';
import {type Holdfast, startHoldfast} from '../support/holdfast.ts';
import {type OidcServer, startOidcProvider} from '../support/oidc-provider.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const programs = ['chromium', 'skopeo'] as const;

/** Where this is set the pages are kept as pictures there, for somebody to look at. */
const pictures = process.env['TEST_PICTURES'];

async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    await page.screenshot({path: join(pictures, `${name}.png`), fullPage: true});
  }
}

async function start(t: ExecutionContext): Promise<{holdfast: Holdfast; provider: OidcServer}> {
  const provider = await startOidcProvider(t);
  provider.people.set('anna', {
    preferred_username: 'anna',
    name: 'Anna Berg',
    email: 'anna@example.org',
    groups: ['makers'],
  });
  const oidc = [
    {
      ...provider.settings,
      displayName: 'Example Corp',
      teams: [{group: 'makers', as: 'owner' as const}],
    },
  ];
  const holdfast = await startHoldfast(t, {settings: {auth: {mode: 'accounts', oidc}}});
  provider.allow(`${holdfast.url}/auth/oidc/corp/callback`);
  return {holdfast, provider};
}

testWith(
  programs,
  'somebody signs in with a browser, makes a token, and skopeo logs in with it',
  async (t) => {
    const {holdfast} = await start(t);
    await holdfast.command('user create root --password-stdin', secret('password of root'));
    await holdfast.command('team create makers --owner root');
    const context = await startBrowser(t);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      const {url} = message.location();
      const isOurs = url === '' || url.startsWith(holdfast.url);
      if (isOurs && message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`${holdfast.url}/sign-in`);
    await picture(page, 'sign-in');
    await page.getByRole('link', {name: 'Sign in with Example Corp'}).click();
    await page.getByLabel('Login').fill('anna');
    await page.getByRole('button', {name: 'Continue'}).click();
    await page.waitForURL(`${holdfast.url}/signed-in`);
    t.is(await page.getByRole('heading', {level: 1}).textContent(), 'Signed in as anna');
    t.true(await page.getByText('makers', {exact: true}).isVisible());
    await picture(page, 'signed-in');
    await page.getByLabel('Name').fill('laptop');
    await page.getByRole('button', {name: 'Make the token'}).click();
    const token = secret((await page.locator('#token').textContent()) ?? '');
    t.is(await page.locator('#command').textContent(), `docker login ${holdfast.host} -u anna`);
    await picture(page, 'token');

    const bench = await workbench(t);
    const trust = ['--cert-dir', holdfast.certDir];
    const login = ['login', '--username', 'anna', '--password-stdin', ...trust, holdfast.host];
    t.regex(await bench.skopeo.given(token)(...login), /Login Succeeded/);

    const cookies = await context.cookies();
    const own = cookies.find(({name}) => name === '__Host-holdfast');
    t.like(own, {httpOnly: true, secure: true, sameSite: 'Lax', path: '/'});
    await page.getByRole('button', {name: 'Revoke laptop'}).click();
    t.true(await page.getByText('The token laptop is revoked.').isVisible());
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.waitForURL(`${holdfast.url}/sign-in`);
    await page.goto(`${holdfast.url}/signed-in`);
    t.is(page.url(), `${holdfast.url}/sign-in`);
    t.deepEqual(faults, []);
  },
);
