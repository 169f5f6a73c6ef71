/** A sign-in as people do it: Chromium, a real OpenID provider, TLS, and podman with the token that was made. */
import type {ExecutionContext} from 'ava';
import {barriersOn, picture, startBrowser} from '../support/browser.ts';
import {type Holdfast, startHoldfast} from '../support/holdfast.ts';
import {type OidcServer, startOidcProvider} from '../support/oidc-provider.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const programs = ['chromium', 'skopeo'] as const;

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
    await page.getByLabel('Name', {exact: true}).fill('laptop');
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

testWith(
  programs,
  'somebody changes his password with a browser that runs no scripts, and skopeo logs in with the new one',
  async (t) => {
    const holdfast = await startHoldfast(t, {settings: {auth: {mode: 'accounts'}}});
    const [former, next] = [secret('the former password'), secret('the new password')];
    await holdfast.command('user create anna --password-stdin', former);
    const context = await startBrowser(t, {javaScriptEnabled: false});
    const page = await context.newPage();
    await page.goto(`${holdfast.url}/sign-in`);
    await page.getByLabel('Name', {exact: true}).fill('anna');
    await page.getByLabel('Password', {exact: true}).fill(former);
    await page.getByRole('button', {name: 'Sign in'}).click();
    const change = async (present: string): Promise<void> => {
      await page.getByLabel('Your present password').fill(present);
      await page.getByLabel('The new one, of 8 characters at least').fill(next);
      await page.getByLabel('The new one once more').fill(next);
      await picture(page, 'password');
      await page.getByRole('button', {name: 'Change the password'}).click();
    };
    await change('not the former one');
    t.true(await page.getByText('Your present password is not right.').isVisible());
    await change(former);
    t.true(await page.getByText('Your password is changed').isVisible());
    const bench = await workbench(t);
    const trust = ['--cert-dir', holdfast.certDir];
    const login = ['login', '--username', 'anna', '--password-stdin', ...trust, holdfast.host];
    t.regex(await bench.skopeo.given(next)(...login), /Login Succeeded/);
    await t.throwsAsync(bench.skopeo.given(former)(...login));
  },
);

for (const colorScheme of ['light', 'dark'] as const) {
  testWith(
    programs,
    `the pages have no barriers in ${colorScheme} colours, and somebody with the code becomes the admin`,
    async (t) => {
      const {holdfast} = await start(t);
      // The program that looks is a script, which the pages forbid.
      const context = await startBrowser(t, {colorScheme, bypassCSP: true});
      const page = await context.newPage();
      const look = async (name: string): Promise<void> => {
        await picture(page, `${name}-${colorScheme}`);
        t.deepEqual(await barriersOn(page), [], name);
      };
      await page.goto(`${holdfast.url}/sign-in`);
      await page.getByLabel('Name', {exact: true}).fill('anna');
      await page.getByLabel('Password', {exact: true}).fill('not the password');
      await page.getByRole('button', {name: 'Sign in'}).click();
      t.true(await page.getByRole('alert').isVisible());
      await look('wrong-password');
      const signInAs = async (login: string): Promise<void> => {
        await page.getByRole('link', {name: 'Sign in with Example Corp'}).click();
        await page.getByLabel('Login').fill(login);
        await page.getByRole('button', {name: 'Continue'}).click();
      };
      await signInAs('nobody');
      t.true(await page.getByText('says that access was denied').isVisible());
      await look('denied');
      await page.getByRole('link', {name: 'To the sign-in'}).click();
      await signInAs('anna');
      const code = /with the code ([A-Z2-9-]{23}) /.exec(holdfast.output())?.[1] ?? '';
      const field = page.getByLabel('The code that the start of the server prints');
      await field.fill('AAAAA-AAAAA-AAAAA-AAAAA');
      await page.getByRole('button', {name: 'Become the admin'}).click();
      t.true(await page.getByText('This is not the code').isVisible());
      await look('wrong-code');
      await field.fill(code);
      await page.getByRole('button', {name: 'Become the admin'}).click();
      t.true(await page.getByText('admin of this registry').isVisible());
      await page.getByLabel('Name', {exact: true}).fill('laptop');
      await page.getByLabel('It can pull, and nothing else').check();
      await page.getByRole('button', {name: 'Make the token'}).click();
      secret((await page.locator('#token').textContent()) ?? '');
      await look('token');
    },
  );
}
