/** How admins try, in a browser, whoever is asked about names and passwords: a real Keystone and a real OpenID provider. */
import type {ExecutionContext} from 'ava';
import type {Locator} from 'playwright-core';
import {picture, startBrowser} from '../support/browser.ts';
import {keystonePrograms, startKeystone} from '../support/keystone.ts';
import {examine} from '../support/look-at.ts';
import {startOidcProvider} from '../support/oidc-provider.ts';
import {startWithPeople} from '../support/people.ts';
import {freePort} from '../support/ports.ts';
import {secret} from '../support/secrets.ts';
import {openWindow, type Window} from '../support/signed-in.ts';
import {testWith} from '../support/test-with.ts';

const admin = {name: 'admin', password: secret('password of the admin')};
const [good, bad] = ['All steps were done.', 'It does not work like this.'];

async function openTrials(
  t: ExecutionContext,
  options: Parameters<typeof startWithPeople>[1],
): Promise<Window> {
  const holdfast = await startWithPeople(t, options);
  const window = await openWindow(await startBrowser(t), holdfast, admin);
  await window.visit('/admin/system?tab=providers');
  return window;
}

/** `login - not done`, and what is told of it. */
const stepsIn = async (part: Locator): Promise<readonly string[]> =>
  part.getByRole('list', {name: 'Steps'}).getByRole('listitem').allInnerTexts();

testWith(
  ['chromium', ...keystonePrograms],
  'a Keystone is tried on a page: without a name, with a wrong password, with the right one, and while it is away',
  async (t) => {
    t.timeout(240_000);
    const keystone = await startKeystone(t);
    const password = secret('correct horse battery');
    const id = await keystone.addUser('kai', {password});
    await keystone.grant(id, await keystone.addProject('images'), 'member');
    const {page, faults, visit} = await openTrials(t, {
      settings: {
        auth: {
          mode: 'accounts',
          keystone: {
            url: keystone.url,
            timeout: '30s',
            teams: [{project: 'images', role: 'member', team: 'makers', as: 'contributor'}],
          },
        },
      },
    });
    const part = page.getByRole('region', {name: 'Keystone'});
    const tryIt = part.getByRole('button', {name: 'Try it'});
    const name = part.getByRole('textbox', {name: 'Name'});
    await tryIt.click();
    await part.getByText(good).waitFor();
    t.regex((await stepsIn(part)).at(-1) ?? '', /version - done/);

    await name.fill('kai');
    await part.getByRole('textbox', {name: 'Password'}).fill('not his password');
    await tryIt.click();
    await part.getByText(bad).waitFor();
    const refused = (await stepsIn(part)).at(-1) ?? '';
    t.regex(refused, /login - not done[^]*it is not accepted[^]*a wrong name or password/);
    t.is(await name.inputValue(), 'kai');
    await picture(page, 'keystone-wrong');

    await part.getByRole('textbox', {name: 'Password'}).fill(password);
    await tryIt.click();
    await part.getByText(good).waitFor();
    await part.getByRole('row', {name: /Teams.*makers \(contributor\)/}).waitFor();
    const steps = (await stepsIn(part)).map((text) => text.split('\n')[0]);
    for (const step of ['version', 'roles', 'login'])
      t.true(steps.includes(`${step} - done`), step);
    await picture(page, 'keystone-right');

    await keystone.stop();
    await tryIt.click();
    await part.getByText(bad).waitFor();
    const last = (await stepsIn(part)).at(-1) ?? '';
    t.regex(last, /connect - not done[^]*nothing listens there[^]*check the host and port/);
    await examine(t, page, 'keystone-away');
    await visit('/admin/health');
    const health = page.getByRole('region', {name: 'Keystone'});
    await health.getByText('Keystone can not be asked; the log says why').waitFor();
    await health.getByText('Try it step by step: System, Providers.').waitFor();
    await picture(page, 'health-keystone-away');
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'OpenID providers are tried on a page: one that is right, one whose secret is wrong, and one that is away',
  async (t) => {
    t.timeout(120_000);
    const provider = await startOidcProvider(t);
    const url = `https://127.0.0.1:${await freePort(t)}`;
    const callback = `${url}/auth/oidc/corp/callback`;
    provider.allow(callback);
    const {page, faults} = await openTrials(t, {
      settings: {
        auth: {
          mode: 'accounts',
          oidc: [
            {...provider.settings, displayName: 'Example Corp'},
            {...provider.settings, id: 'old', displayName: 'Old one', clientSecret: 'of last year'},
          ],
        },
      },
      env: {HOLDFAST_EXTERNAL_URL: url, HOLDFAST_HTTP_LISTEN: new URL(url).host},
    });
    const right = page.getByRole('region', {name: 'Example Corp'});
    await right.getByRole('button', {name: 'Try it'}).click();
    await right.getByText(good).waitFor();
    const address = right.getByRole('group', {name: 'The provider must know this address:'});
    t.is(await address.textContent(), callback);
    t.regex((await stepsIn(right)).at(-1) ?? '', /client - done[^]*holdfast is known there/);
    await picture(page, 'oidc-right');

    const wrong = page.getByRole('region', {name: 'Old one'});
    await wrong.getByRole('button', {name: 'Try it'}).click();
    await wrong.getByText(`${bad} The step that failed: client.`).waitFor();
    t.regex((await stepsIn(wrong)).at(-1) ?? '', /client - not done[^]*clientSecret/);
    // The others are as they were.
    t.true(await right.getByText(good).isVisible());
    await picture(page, 'oidc-wrong');

    await provider.stop();
    await right.getByRole('button', {name: 'Try it'}).click();
    await right.getByText(bad).waitFor();
    const last = (await stepsIn(right)).at(-1) ?? '';
    t.regex(last, /connect - not done[^]*nothing listens there[^]*check the host and port/);
    await examine(t, page, 'oidc-away');
    t.deepEqual(faults, []);
  },
);
