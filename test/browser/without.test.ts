/** The pages of registries that do without something: without sign-up, without accounts, without TLS. */
import type {ExecutionContext} from 'ava';
import {passwordOf, startWithAccounts} from '../support/accounts.ts';
import {picture, startBrowser} from '../support/browser.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {writeLayout} from '../support/image-layout.ts';
import {lookAt} from '../support/look-at.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {pushTo} from '../support/peer.ts';
import {secret} from '../support/secrets.ts';
import {openWindow} from '../support/signed-in.ts';
import {testWith} from '../support/test-with.ts';
import {fillSignIn, visit} from '../support/visitor.ts';
import {workbench} from '../support/workbench.ts';

testWith(
  ['chromium'],
  'where nobody makes accounts himself no page leads to it, and its address says who does',
  async (t) => {
    const holdfast = await startHoldfast(t, {settings: {auth: {mode: 'accounts'}}});
    await holdfast.command('user create root --password-stdin', secret('password of root'));
    const {page, faults} = await visit(t);
    await page.goto(`${holdfast.url}/sign-in`);
    await page.getByRole('link', {name: 'Look around without an account'}).waitFor();
    t.is(await page.getByText(/Make an account|You have no account/).count(), 0);
    await page.goto(`${holdfast.url}/sign-up?to=/profile`);
    await page.getByText('Accounts are made by the admin here.').waitFor();
    t.is(await page.getByRole('textbox').count(), 0);
    await picture(page, 'sign-up-off');
    await page.getByRole('link', {name: 'Go to the sign-in'}).click();
    await page.waitForURL(`${holdfast.url}/sign-in?to=%2Fprofile`);
    t.deepEqual(faults, []);
  },
);

/** Without accounts, and with tools/saw:v1. */
async function startWithoutAccounts(t: ExecutionContext) {
  const [holdfast, bench] = [await startHoldfast(t), await workbench(t)];
  await writeLayout(bench.path('layout'), {layers: [{'etc/motd': 'one'}]});
  await pushTo(holdfast, bench, `oci:${bench.path('layout')}`, 'tools/saw:v1');
  return holdfast;
}

testWith(
  ['chromium', 'skopeo'],
  'without accounts everybody browses, describes and deletes, and sees nothing that is of accounts',
  async (t) => {
    const {url} = await startWithoutAccounts(t);
    const {page, faults} = await visit(t);
    await page.goto(`${url}/`);
    await page.getByRole('link', {name: 'tools/saw:v1'}).waitFor();
    await page.getByRole('table', {name: 'Pulls and pushes of 30 days'}).waitFor();
    // There is no page of a namespace that it could lead to.
    await page.getByRole('cell', {name: 'tools', exact: true}).waitFor();
    t.is(await page.getByRole('link', {name: 'tools', exact: true}).count(), 0);
    t.is(await page.getByRole('link', {name: 'Sign in'}).count(), 0);
    t.deepEqual(
      await page.getByRole('navigation', {name: 'Navigation'}).getByRole('link').allInnerTexts(),
      ['Dashboard', 'Repositories', 'Connect a client', 'Activities', 'Health'],
    );
    await picture(page, 'without-accounts');

    await page.getByRole('link', {name: 'Repositories', exact: true}).click();
    await page.getByRole('link', {name: 'tools/saw', exact: true}).click();
    await page.getByRole('heading', {name: 'tools/saw', level: 1}).waitFor();
    t.is(await page.getByRole('button', {name: /star/i}).count(), 0);
    t.is(await page.getByRole('tab', {name: 'Comments'}).count(), 0);
    await page.getByRole('button', {name: 'Edit'}).click();
    await page.getByRole('textbox', {name: 'Description in Markdown'}).fill('It is *sharp*.');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('It is sharp.').waitFor();
    await picture(page, 'repository-without-accounts');
    await page.getByRole('link', {name: 'Activities'}).click();
    await page.getByText(/Somebody without an account pushed/).waitFor();

    await page.getByRole('link', {name: 'Connect a client'}).click();
    await page.getByRole('group', {name: 'Push'}).waitFor();
    t.is(await page.getByRole('group', {name: 'Log in'}).count(), 0);
    t.is(await page.getByText('password').count(), 0);

    await page.goto(`${url}/repositories/tools~saw/tags/v1`);
    await page.getByRole('button', {name: 'Delete', exact: true}).click();
    await page
      .getByRole('dialog')
      .getByRole('button', {name: /^Delete/})
      .click();
    await page.waitForURL(`${url}/repositories/tools~saw`);
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'without accounts the pages of accounts say that there are none, and those of the sign-in lead elsewhere',
  async (t) => {
    const {url} = await startHoldfast(t);
    const {page, faults} = await visit(t);
    for (const path of [
      '/profile',
      '/profile/tokens',
      '/teams',
      '/robots/builder',
      '/namespaces',
      '/namespaces/tools/webhooks',
      '/admin/users',
      '/admin/system?tab=keys',
    ]) {
      await page.goto(`${url}${path}`);
      await page.getByRole('heading', {name: 'There are no accounts'}).waitFor();
      t.is(await page.getByRole('alert').count(), 0, path);
    }
    await picture(page, 'no-accounts');
    for (const [from, to] of [
      ['/sign-in?to=/repositories', '/repositories'],
      ['/sign-up', '/'],
      ['/start', '/connect'],
    ] as const) {
      await page.goto(`${url}${from}`);
      await page.waitForURL(`${url}${to}`);
    }
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium', 'ip'],
  'over plain HTTP somebody stays signed in, copies his token, and is told how clients are allowed to speak it',
  async (t) => {
    const {hostAddress} = await networkNamespace(t);
    const holdfast = await startWithAccounts(t, {http: {listen: [`${hostAddress}:0`]}});
    const {url} = holdfast;
    const {host} = new URL(url);
    await holdfast.person('anna', {admin: 'yes'});
    const {context, page, faults} = await visit(t);
    await page.goto(`${url}/profile/tokens`);
    // What browsers give to pages over TLS and to localhost alone.
    t.false(await page.evaluate<boolean>('isSecureContext'));
    await fillSignIn(page, 'anna', passwordOf('anna'));
    await page.waitForURL(`${url}/profile/tokens`);
    const [cookie] = await context.cookies();
    t.like(cookie, {name: 'holdfast', httpOnly: true, secure: false, sameSite: 'Lax'});
    await page.reload();
    await page.getByRole('button', {name: 'Make a token'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', {name: 'Name'}).fill('laptop');
    await dialog.getByRole('button', {name: 'Make a token'}).click();
    const token = (await dialog.getByRole('group', {name: 'The token'}).textContent()) ?? '';
    await dialog.getByRole('button', {name: 'Copy'}).first().click();
    await dialog.getByRole('button', {name: 'Copied', exact: true}).waitFor();
    await page.getByRole('button', {name: 'I have copied it'}).click();
    await page.getByRole('searchbox', {name: 'Search'}).focus();
    await page.keyboard.press('Control+v');
    t.is(await page.getByRole('searchbox', {name: 'Search'}).inputValue(), secret(token));

    await page.goto(`${url}/connect`);
    await page.getByText('This registry speaks plain HTTP').waitFor();
    t.is(await page.getByRole('link', {name: 'Download ca.crt'}).count(), 0);
    t.is(await page.getByRole('group', {name: 'SHA-256 fingerprint'}).count(), 0);
    const daemon = page.getByRole('group', {name: '/etc/docker/daemon.json'});
    t.deepEqual(JSON.parse((await daemon.textContent()) ?? ''), {'insecure-registries': [host]});
    await picture(page, 'connect-plain-docker');
    await page.getByRole('tab', {name: 'podman'}).click();
    const podman = page.getByRole('group', {name: /\/etc\/containers\/registries\.conf\.d\//});
    t.is(await podman.textContent(), `[[registry]]\nlocation = "${host}"\ninsecure = true\n`);
    for (const tool of ['helm', 'oras']) {
      await page.getByRole('tab', {name: tool}).click();
      for (const step of ['Log in', 'Push', 'Pull']) {
        const line = page.getByRole('group', {name: step});
        await line.filter({hasText: new RegExp(`${tool} .*--plain-http`)}).waitFor();
        t.notRegex((await line.textContent()) ?? '', /ca\.crt/);
      }
    }
    await page.getByRole('tab', {name: 'containerd'}).click();
    const hosts = page.getByRole('group', {name: /hosts\.toml/});
    await hosts.filter({hasText: `server = "http://${host}"`}).waitFor();
    // Of a header that is for TLS alone.
    t.deepEqual(
      faults.filter((fault) => !fault.startsWith('The Cross-Origin-Opener-Policy header')),
      [],
    );
  },
);

testWith(
  ['chromium', 'skopeo'],
  'the pages of a registry without accounts have no barriers',
  async (t) => {
    t.timeout(180_000);
    const holdfast = await startWithoutAccounts(t);
    const window = await openWindow(await startBrowser(t), holdfast);
    for (const [name, path] of [
      ['open-dashboard', '/'],
      ['open-repository', '/repositories/tools~saw'],
      ['open-connect', '/connect'],
      ['open-health', '/admin/health'],
      ['open-none', '/teams'],
    ] as const) {
      await lookAt(t, window, {path, name});
    }
    t.deepEqual(window.faults, []);
  },
);
