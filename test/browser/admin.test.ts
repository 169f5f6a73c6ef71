/** What admins do, in a real browser. */
import type {ExecutionContext} from 'ava';
import {picture, startBrowser} from '../support/browser.ts';
import {lookAt} from '../support/look-at.ts';
import type {HoldfastOptions} from '../support/holdfast.ts';
import {passwordOf, startWithPeople, type WithPeople} from '../support/people.ts';
import {secret} from '../support/secrets.ts';
import {openWindow, type Window} from '../support/signed-in.ts';
import {startSlapd} from '../support/slapd.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const admin = {name: 'admin', password: secret('password of the admin')};

async function start(
  t: ExecutionContext,
  options: HoldfastOptions = {},
): Promise<Window & {readonly holdfast: WithPeople}> {
  t.timeout(180_000);
  const holdfast = await startWithPeople(t, options);
  return {holdfast, ...(await openWindow(await startBrowser(t), holdfast, admin))};
}

testWith(
  ['chromium', 'skopeo'],
  'an admin makes an account, and whom he disables can not log in any more',
  async (t) => {
    const {holdfast, page, faults, visit} = await start(t);
    const {certDir, host, url} = holdfast;
    const bench = await workbench(t);
    const password = secret('a password of carla');
    const login = async () =>
      bench.skopeo.given(password)(
        ...['login', '--username', 'carla', '--password-stdin', '--cert-dir', certDir, host],
      );
    await visit('/admin/users');
    await page.getByRole('button', {name: 'Make an account'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', {name: 'Name', exact: true}).fill('carla');
    await dialog.getByRole('textbox', {name: 'Password'}).fill('short');
    await dialog.getByRole('textbox', {name: 'E-mail'}).fill('carla@example.org');
    await dialog.getByRole('button', {name: 'Make an account'}).click();
    await dialog.getByText('characters').nth(1).waitFor();
    t.is(await dialog.getByRole('textbox', {name: 'E-mail'}).inputValue(), 'carla@example.org');
    await dialog.getByRole('textbox', {name: 'Password'}).fill(password);
    await dialog.getByRole('button', {name: 'Make an account'}).click();
    await page.waitForURL(`${url}/admin/users/carla`);
    t.regex(await login(), /Login Succeeded/);

    const carla = await openWindow(await startBrowser(t), holdfast, {name: 'carla', password});
    await carla.visit('/teams');
    await page.reload();
    await page.getByRole('cell', {name: 'HeadlessChrome'}).waitFor();
    await page.getByRole('switch', {name: 'May log in'}).click({force: true});
    await dialog.getByText('signed out everywhere').waitFor();
    await picture(page, 'disable');
    await dialog.getByRole('button', {name: 'Disable'}).click();
    await page.getByText("carla can't log in any more.").waitFor();
    await t.throwsAsync(login());
    await carla.visit('/teams');
    await carla.page.waitForURL(/sign-in/);

    await visit('/admin/users?name=carl');
    await page.getByRole('link', {name: 'carla'}).waitFor();
    t.is(await page.getByRole('link', {name: 'anna'}).count(), 0);
    await page.getByRole('link', {name: 'carla'}).click();
    await page.getByRole('button', {name: 'Delete the account'}).click();
    await dialog.getByRole('textbox', {name: 'Type carla to go on'}).fill('carla');
    await dialog.getByRole('radio', {name: 'Delete the namespace'}).check();
    await picture(page, 'delete-user');
    await dialog.getByRole('button', {name: 'Delete the account'}).click();
    await page.waitForURL(`${url}/admin/users`);
    t.notRegex(await holdfast.command('user list'), /carla/);
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium', 'slapd'],
  'a directory is tried on a page, step by step, with a right password and a wrong one',
  async (t) => {
    const slapd = await startSlapd(t);
    const password = secret('a password in the directory');
    await slapd.addPerson('dora', {password, mail: 'dora@example.org'});
    const {urls, caFile, base, bindDn = '', bindPassword = ''} = slapd.settings();
    const ldap = {urls, caFile, base, bindDn, bindPassword};
    const {page, faults, visit} = await start(t, {settings: {auth: {mode: 'accounts', ldap}}});
    await visit('/admin/system?tab=providers');
    await page.getByRole('textbox', {name: 'Name'}).fill('dora');
    await page.getByRole('textbox', {name: 'Password'}).fill('not the password');
    await page.getByRole('button', {name: 'Try it'}).click();
    await page.getByText('It does not work like this.').waitFor();
    await picture(page, 'ldap-wrong');
    t.is(await page.getByRole('textbox', {name: 'Name'}).inputValue(), 'dora');
    await page.getByRole('textbox', {name: 'Password'}).fill(password);
    await page.getByRole('button', {name: 'Try it'}).click();
    await page.getByText('All steps were done.').waitFor();
    await page.getByText('dora@example.org').first().waitFor();
    await picture(page, 'ldap-right');
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'the index is compared with the storage, and settings are found with where they come from',
  async (t) => {
    const {page, faults, visit, holdfast} = await start(t);
    await visit('/admin/system');
    await page.getByRole('button', {name: 'Compare with the storage'}).click();
    await page.getByRole('dialog').getByRole('button', {name: 'Begin'}).click();
    await page.getByText('The comparison has begun.').waitFor();
    await page.getByText('different: 0 tags, 0 manifests; gone: 0 repositories').waitFor();
    await page.getByRole('tab', {name: 'Configuration'}).click();
    await page.getByRole('searchbox', {name: 'Setting or variable'}).fill('http.listen');
    await page.getByRole('cell', {name: 'http.listen', exact: true}).waitFor();
    t.true(page.url().startsWith(`${holdfast.url}/admin/system?tab=configuration`));
    await page.getByRole('row', {name: /http\.listen.*file/}).waitFor();
    t.notRegex((await page.textContent('main')) ?? '', /password of the admin/);
    t.deepEqual(faults, []);
  },
);

testWith(['chromium'], 'who is no admin sees nothing of what admins see', async (t) => {
  const holdfast = await startWithPeople(t);
  const {page, visit} = await openWindow(await startBrowser(t), holdfast, {
    name: 'anna',
    password: passwordOf('anna'),
  });
  await visit('/teams');
  await page.getByRole('heading', {name: 'Teams'}).waitFor();
  t.is(await page.getByRole('link', {name: 'Users'}).count(), 0);
  for (const path of [
    '/admin/users',
    '/admin/users/bert',
    '/admin/system',
    '/activities/verification',
  ]) {
    await visit(path);
    await page.getByRole('alert').first().waitFor();
    t.notRegex((await page.textContent('main')) ?? '', /bert@|HMAC/, path);
  }
});

testWith(['chromium'], 'pages of admins and the first page have no barriers', async (t) => {
  t.timeout(240_000);
  const holdfast = await startWithPeople(t);
  const window = await openWindow(await startBrowser(t), holdfast, admin);
  const tabs = ['index', 'keys', 'configuration', 'providers', 'server'];
  const places = [
    {name: 'dashboard', path: '/'},
    {name: 'users', path: '/admin/users'},
    {name: 'user', path: '/admin/users/anna'},
    {name: 'health', path: '/admin/health'},
    {name: 'verification', path: '/activities/verification'},
    ...tabs.map((tab) => ({name: tab, path: `/admin/system?tab=${tab}`})),
  ];
  for (const place of places) await lookAt(t, window, place);
  t.deepEqual(window.faults, []);
});
