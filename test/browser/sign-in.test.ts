/** Sign-ins by other sources of accounts, in Chromium: a real OpenID provider, a real directory, a real Keystone. */
import type {ExecutionContext} from 'ava';
import type {Page} from 'playwright-core';
import {picture} from '../support/browser.ts';
import {type Holdfast, startHoldfast} from '../support/holdfast.ts';
import {keystonePrograms, startKeystone} from '../support/keystone.ts';
import {type OidcServer, startOidcProvider} from '../support/oidc-provider.ts';
import {secret} from '../support/secrets.ts';
import {startSlapd} from '../support/slapd.ts';
import {testWith} from '../support/test-with.ts';
import {fillSignIn, visit} from '../support/visitor.ts';
import {WebClient} from '../support/web-client.ts';

const toProvider = {name: 'Sign in with Example Corp'};

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

/** On the page of the provider. */
async function logInThere(page: Page, login: string): Promise<void> {
  await page.getByLabel('Login').fill(login);
  await page.getByRole('button', {name: 'Continue'}).click();
}

testWith(
  ['chromium'],
  'somebody signs in at a provider, is led back to the page that he came for, and sees his team',
  async (t) => {
    const {holdfast} = await start(t);
    await holdfast.command('user create root --password-stdin', secret('password of root'));
    await holdfast.command('team create makers --owner root');
    const {context, page, faults} = await visit(t);
    await page.goto(`${holdfast.url}/profile`);
    await picture(page, 'sign-in-provider');
    await page.getByRole('link', toProvider).click();
    await logInThere(page, 'nobody of theirs');
    const told = page.getByRole('alert');
    await told.filter({hasText: 'Example Corp has not signed you in: access was denied'}).waitFor();
    await picture(page, 'denied');
    await page.getByRole('link', toProvider).click();
    await logInThere(page, 'anna');
    await page.waitForURL(`${holdfast.url}/profile`);
    await page.getByText('You are anna; the account comes from Example Corp.').waitFor();
    await page.getByRole('link', {name: 'makers'}).waitFor();
    await page.getByText('Your password is not kept here').waitFor();
    await picture(page, 'profile-provider');
    const cookies = await context.cookies();
    const own = cookies.find(({name}) => name === '__Host-holdfast');
    t.like(own, {httpOnly: true, secure: true, sameSite: 'Lax', path: '/', expires: -1});
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'somebody of a provider becomes the first admin with the code',
  async (t) => {
    const {holdfast} = await start(t);
    const {page} = await visit(t);
    const [code = ''] = /(?<=\/start#)\S+/.exec(holdfast.output()) ?? [];
    await page.goto(`${holdfast.url}/`);
    await page.waitForURL(`${holdfast.url}/start`);
    await page.getByRole('link', {name: 'Go to the sign-in'}).click();
    await page.getByRole('link', toProvider).click();
    await logInThere(page, 'anna');
    await page.waitForURL(`${holdfast.url}/start`);
    const become = page.getByRole('button', {name: 'Become the admin'});
    await page.getByLabel('Code').fill('AAAAA-AAAAA-AAAAA-AAAAA');
    await become.click();
    await page.getByText('This is not the code').waitFor();
    await page.getByLabel('Code').fill(secret(code));
    await become.click();
    await page.waitForURL(`${holdfast.url}/connect`);
    await page.getByRole('link', {name: 'Users'}).waitFor();
    t.regex(await holdfast.command('user show anna --json'), /"isAdmin": ?true/);
  },
);

testWith(
  ['chromium'],
  'whose session is over signs in again at the provider in a window of its own, and goes on',
  async (t) => {
    const {holdfast} = await start(t);
    await holdfast.command('user create root --password-stdin', secret('password of root'));
    const {context, page} = await visit(t);
    await page.goto(`${holdfast.url}/profile`);
    await page.getByRole('link', toProvider).click();
    await logInThere(page, 'anna');
    const field = page.getByLabel('Name that is shown');
    await field.fill('Anna, half typed');
    const proof = secret(Buffer.from('root:password of root').toString('base64'));
    await new WebClient().ask('DELETE', `${holdfast.url}/api/v1/users/anna/sessions`, undefined, {
      headers: {Authorization: `Basic ${proof}`},
    });
    await page.getByRole('button', {name: 'Save'}).click();
    const dialog = page.getByRole('dialog', {name: 'Your session is over'});
    const opened = context.waitForEvent('page');
    await dialog.getByRole('link', {name: 'Sign in again with Example Corp'}).click();
    const window = await opened;
    // The provider remembers him.
    await window.getByRole('heading', {name: 'You are signed in as anna'}).waitFor();
    await dialog.waitFor({state: 'hidden'});
    t.is(await field.inputValue(), 'Anna, half typed');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('Saved.').waitFor();
  },
);

testWith(
  ['chromium', 'slapd'],
  'somebody of the directory signs in, and is told where it can not be asked',
  async (t) => {
    const slapd = await startSlapd(t);
    const password = secret('correct horse');
    await slapd.addPerson('dora', {password, mail: 'dora@example.org'});
    const ldap = {
      urls: [slapd.url],
      caFile: slapd.caFile,
      base: 'ou=people,dc=ex,dc=org',
      bindDn: 'cn=admin,dc=ex,dc=org',
      bindPassword: 'the password of the directory',
    };
    const holdfast = await startHoldfast(t, {settings: {auth: {mode: 'accounts', ldap}}});
    await holdfast.command('user create root --password-stdin', secret('password of root'));
    const {page} = await visit(t);
    await page.goto(`${holdfast.url}/sign-in?to=/profile`);
    await page.getByText(/^Accounts of: .*LDAP/).waitFor();
    await fillSignIn(page, 'dora', 'not her password');
    await page.getByText('The name or the password is not right.').waitFor();
    await slapd.stop();
    await fillSignIn(page, 'dora', password);
    await page.getByText('Your password can not be checked at present').waitFor();
    await picture(page, 'directory-away');
    await slapd.start();
    await fillSignIn(page, 'dora', password);
    await page.waitForURL(`${holdfast.url}/profile`);
    t.is(await page.getByLabel('E-mail').inputValue(), 'dora@example.org');
  },
);

testWith(
  ['chromium', ...keystonePrograms],
  'somebody of a Keystone signs in, keeps his name through a wrong password, and is told where it can not be asked',
  async (t) => {
    t.timeout(240_000);
    const keystone = await startKeystone(t);
    const password = secret('correct horse battery');
    const id = await keystone.addUser('kai', {password});
    const settings = {
      url: keystone.url,
      timeout: '30s',
      teams: [{project: 'images', role: 'member', team: 'makers', as: 'contributor' as const}],
    };
    const holdfast = await startHoldfast(t, {
      settings: {auth: {mode: 'accounts', keystone: settings}},
    });
    await holdfast.command('user create root --password-stdin', secret('password of root'));
    await holdfast.command('team create makers --owner root');
    await keystone.grant(id, await keystone.addProject('images'), 'member');
    const {page, faults} = await visit(t);
    await page.goto(`${holdfast.url}/profile`);
    await page.getByText('Accounts of: this registry, Keystone.').waitFor();
    await picture(page, 'sign-in-keystone');
    const told = page.getByRole('alert');
    await fillSignIn(page, 'kai', 'not his password');
    await told.filter({hasText: 'The name or the password is not right.'}).waitFor();
    t.is(await page.getByLabel('User name').inputValue(), 'kai');
    const again = page.getByLabel(/^Password(?: \*)?$/).and(page.locator(':focus'));
    t.is(await again.inputValue(), '');
    await picture(page, 'sign-in-keystone-wrong');

    await keystone.stop();
    await fillSignIn(page, 'kai', password);
    await told.filter({hasText: 'Your password can not be checked at present'}).waitFor();
    t.is(await page.getByLabel('User name').inputValue(), 'kai');
    await keystone.start();
    await fillSignIn(page, 'kai', password);
    await page.waitForURL(`${holdfast.url}/profile`);
    await page.getByText('You are kai; the account comes from Keystone.').waitFor();
    await page.getByRole('link', {name: 'makers'}).waitFor();
    await page.getByText('Your password is not kept here').waitFor();
    await picture(page, 'profile-keystone');
    t.deepEqual(faults, []);
  },
);
