/** What people do with their own account, in Chromium: the first start, signing in and out, tokens, the password, sessions. */
import {readFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {picture} from '../support/browser.ts';
import {type Holdfast, startHoldfast} from '../support/holdfast.ts';
import {examine} from '../support/look-at.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {fillSignIn, visit} from '../support/visitor.ts';
import {WebClient} from '../support/web-client.ts';
import {workbench} from '../support/workbench.ts';

const programs = ['chromium', 'skopeo'] as const;
const password = secret('the password of anna');

async function start(t: ExecutionContext, auth: object = {}): Promise<Holdfast> {
  return startHoldfast(t, {settings: {auth: {mode: 'accounts', ...auth}}});
}

/** With anna, and root who is the admin. */
async function startWithAnna(t: ExecutionContext, auth: object = {}): Promise<Holdfast> {
  const holdfast = await start(t, auth);
  await holdfast.command('user create root --password-stdin', secret('password of root'));
  await holdfast.command('user create anna --password-stdin', password);
  return holdfast;
}

/** `undefined`: it was refused. */
async function loginOf(t: ExecutionContext, holdfast: Holdfast, text: string) {
  const {skopeo} = await workbench(t);
  const words = ['login', '--username', 'anna', '--password-stdin'];
  try {
    return await skopeo.given(text)(...words, '--cert-dir', holdfast.certDir, holdfast.host);
  } catch {
    return undefined;
  }
}

/** As the start prints it. */
const printedAddress = ({output}: Holdfast): string =>
  /^ {2}(https:\/\/\S+\/start#\S+)$/m.exec(output())?.[1] ?? '';

testWith(
  programs,
  'somebody opens the address that the start prints, becomes the admin, and is told what to type next',
  async (t) => {
    const holdfast = await start(t);
    const {page, faults} = await visit(t);
    const address = new URL(printedAddress(holdfast));
    const code = secret(address.hash.slice(1));
    await page.goto(address.href);
    const codeField = page.getByLabel('Code');
    t.is(await codeField.inputValue(), code);
    await codeField.fill('AAAAA-AAAAA-AAAAA-AAAAA');
    const chosen = secret('a long password of the admin');
    const make = page.getByRole('button', {name: 'Make the account'});
    await page.getByLabel(/^Password(?: \*)?$/).fill(chosen);
    await page.getByLabel('Password once more').fill('another');
    await page.getByText('The two differ.').waitFor();
    t.true(await make.isDisabled());
    await page.getByLabel('Password once more').fill(chosen);
    await make.click();
    await page.getByText('This is not the code that the start printed.').waitFor();
    await picture(page, 'start-wrong-code');
    await codeField.fill(code);
    await make.click();
    await page.waitForURL(`${address.origin}/connect`);

    const line = page.getByRole('group', {name: 'Log in'});
    t.is(await line.textContent(), `docker login ${address.host} -u admin`);
    const shown = await holdfast.command('certificate show');
    const fingerprint = await page.getByRole('group', {name: 'SHA-256 fingerprint'}).textContent();
    t.true(shown.includes(fingerprint ?? 'nothing'), shown);
    const file = page.getByRole('link', {name: 'Download ca.crt'});
    const path = (await file.getAttribute('href')) ?? '';
    const answer = await page.request.get(new URL(path, address).href);
    t.is(await answer.text(), await readFile(holdfast.caFile, 'utf8'));
    await page.getByRole('tab', {name: 'skopeo'}).click();
    await line.filter({hasText: `skopeo login ${address.host} -u admin`}).waitFor();

    await page.goto(`${address.origin}/start`);
    await page.getByRole('heading', {name: 'There is an admin already'}).waitFor();
    t.deepEqual(faults, []);
  },
);

testWith(
  programs,
  'who is not signed in is led to the sign-in and back; a wrong password is told, and a sign-out ends it',
  async (t) => {
    const holdfast = await startWithAnna(t);
    const {page, faults} = await visit(t);
    const {url} = holdfast;
    await page.goto(`${url}/profile/tokens?page=1`);
    await page.waitForURL(`${url}/sign-in?to=%2Fprofile%2Ftokens%3Fpage%3D1`);
    await fillSignIn(page, 'anna', 'not her password');
    const alert = page.getByRole('alert');
    t.is(await alert.textContent(), 'The name or the password is not right.');
    await fillSignIn(page, 'anna', password);
    await page.waitForURL(`${url}/profile/tokens?page=1`);
    await page.goto(`${url}/sign-in?to=//evil.example`);
    await page.waitForURL(`${url}/`);
    await page.getByRole('button', {name: 'Account anna'}).click();
    await page.getByRole('menuitem', {name: 'Sign out'}).click();
    await page.waitForURL(`${url}/sign-in`);
    // What is public is shown to everybody, and what is not leads here.
    await page.getByRole('link', {name: 'Look around without an account'}).click();
    await page.getByRole('banner').getByRole('link', {name: 'Sign in', exact: true}).waitFor();
    t.is(page.url(), `${url}/`);
    await page.goto(`${url}/profile`);
    await page.waitForURL(`${url}/sign-in?to=%2Fprofile`);
    t.deepEqual(faults, []);
  },
);

testWith(
  programs,
  'after too many wrong passwords somebody is told when to come again',
  async (t) => {
    const holdfast = await startWithAnna(t, {failures: 2});
    const {page} = await visit(t);
    await page.goto(`${holdfast.url}/sign-in`);
    const alert = page.getByRole('alert');
    for (let time = 0; time < 2; time += 1) {
      await fillSignIn(page, 'anna', `wrong password ${time}`);
      await alert.waitFor();
    }
    await fillSignIn(page, 'anna', password);
    await alert.filter({hasText: /Try again in \d+ (?:minutes|seconds)\./}).waitFor();
    await picture(page, 'locked');
    t.is(new URL(page.url()).pathname, '/sign-in');
  },
);

testWith(
  programs,
  'somebody makes a token, skopeo logs in with it, and not any more when it is revoked',
  async (t) => {
    const holdfast = await startWithAnna(t);
    const {page, faults} = await visit(t);
    await page.goto(`${holdfast.url}/sign-in?to=/profile/tokens`);
    await fillSignIn(page, 'anna', password);
    await page.getByRole('button', {name: 'Make a token'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', {name: 'Name'}).fill('laptop <b>');
    await dialog.getByRole('button', {name: 'Make a token'}).click();
    const token = secret(
      (await dialog.getByRole('group', {name: 'The token'}).textContent()) ?? '',
    );
    t.is(
      await dialog.getByRole('group', {name: 'Command'}).textContent(),
      `docker login ${holdfast.host} -u anna`,
    );
    await picture(page, 'token');
    t.regex((await loginOf(t, holdfast, token)) ?? '', /Login Succeeded/);
    await dialog.getByRole('button', {name: 'I have copied it'}).click();
    t.is(await page.getByText(token).count(), 0);
    await page.getByRole('button', {name: 'Revoke laptop <b>'}).click();
    await page.getByRole('dialog').getByRole('button', {name: 'Revoke', exact: true}).click();
    await page.getByText('You have no application tokens yet.').waitFor();
    t.is(await loginOf(t, holdfast, token), undefined);
    t.deepEqual(faults, []);
  },
);

testWith(
  programs,
  'somebody changes his password with the one that he has, and skopeo logs in with the new one',
  async (t) => {
    const holdfast = await startWithAnna(t);
    const {page} = await visit(t);
    await page.goto(`${holdfast.url}/sign-in?to=/profile`);
    await fillSignIn(page, 'anna', password);
    const next = secret('the next password');
    const change = page.getByRole('button', {name: 'Change the password'});
    await page.getByLabel('Present password').fill('not the former one');
    await page.getByLabel('New password').fill(next);
    t.true(await change.isDisabled());
    await page.getByLabel('Password once more').fill(next);
    await change.click();
    await page.getByText('is not right').waitFor();
    await picture(page, 'password');
    await page.getByLabel('Present password').fill(password);
    await change.click();
    await page.getByText('Your password is changed.').waitFor();
    t.regex((await loginOf(t, holdfast, next)) ?? '', /Login Succeeded/);
    t.is(await loginOf(t, holdfast, password), undefined);
  },
);

testWith(
  programs,
  'a browser that is told so keeps the sign-in for a month, and to sign out everywhere ends it there',
  async (t) => {
    const holdfast = await startWithAnna(t);
    const [here, there] = [await visit(t), await visit(t)];
    const expiry = async ({context}: typeof here): Promise<number | undefined> =>
      (await context.cookies()).find(({name}) => name === '__Host-holdfast')?.expires;
    for (const {page} of [here, there]) await page.goto(`${holdfast.url}/sign-in?to=/profile`);
    await fillSignIn(here.page, 'anna', password);
    await there.page.getByLabel('Stay signed in on this computer').check();
    await fillSignIn(there.page, 'anna', password);
    for (const {page} of [here, there]) await page.waitForURL(`${holdfast.url}/profile`);
    t.is(await expiry(here), -1);
    const month = 30 * 86_400;
    const left = ((await expiry(there)) ?? 0) - Date.now() / 1000;
    t.true(left > month - 600 && left <= month, String(left));

    await here.page.reload();
    await here.page.getByText('Remembered').waitFor();
    await here.page.getByRole('button', {name: 'Sign out everywhere'}).click();
    await here.page.getByRole('dialog').getByRole('button', {name: 'Sign out everywhere'}).click();
    await here.page.waitForURL(`${holdfast.url}/sign-in`);
    await there.page.reload();
    await there.page.waitForURL(`${holdfast.url}/sign-in?to=%2Fprofile`);
    t.deepEqual([...here.faults, ...there.faults], []);
  },
);

testWith(
  programs,
  'a session that is over while somebody types is begun anew over the page, and nothing is lost',
  async (t) => {
    const holdfast = await startWithAnna(t);
    const {page, faults} = await visit(t);
    await page.goto(`${holdfast.url}/sign-in?to=/profile`);
    await fillSignIn(page, 'anna', password);
    await page.getByLabel('Name that is shown').fill('Anna Berg');
    const proof = Buffer.from('root:password of root').toString('base64');
    const ended = await new WebClient().ask(
      'DELETE',
      `${holdfast.url}/api/v1/users/anna/sessions`,
      undefined,
      {headers: {Authorization: `Basic ${secret(proof)}`}},
    );
    t.is(ended.status, 200);
    await page.getByRole('button', {name: 'Save'}).click();
    const dialog = page.getByRole('dialog', {name: 'Your session is over'});
    await dialog.getByRole('textbox', {name: 'Password'}).fill('not her password');
    await dialog.getByRole('button', {name: 'Sign in'}).click();
    await dialog.getByRole('alert').waitFor();
    await picture(page, 'session-over');
    await dialog.getByRole('textbox', {name: 'Password'}).fill(password);
    await dialog.getByRole('button', {name: 'Sign in'}).click();
    await dialog.waitFor({state: 'hidden'});
    t.is(await page.getByLabel('Name that is shown').inputValue(), 'Anna Berg');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('Saved.').waitFor();
    t.regex(await holdfast.command('user show anna --json'), /"displayName": ?"Anna Berg"/);
    t.deepEqual(faults, []);
  },
);

testWith(programs, 'where people make accounts themselves, one does so and is in', async (t) => {
  const holdfast = await startWithAnna(t, {signUp: true});
  const {page, faults} = await visit(t);
  await page.goto(`${holdfast.url}/profile`);
  await page.getByRole('link', {name: 'Make an account'}).click();
  // The page before has such a field, too.
  await page.getByRole('heading', {name: 'Make an account'}).waitFor();
  await page.getByLabel('User name').fill('anna');
  const chosen = secret('the password of carl');
  await page.getByLabel(/^Password(?: \*)?$/).fill(chosen);
  await page.getByLabel('Password once more').fill(chosen);
  await page.getByRole('button', {name: 'Make the account'}).click();
  await page.getByText('is taken').waitFor();
  await page.getByLabel('User name').fill('carl');
  await page.getByRole('button', {name: 'Make the account'}).click();
  await page.waitForURL(`${holdfast.url}/profile`);
  await page.getByText('You are carl').waitFor();
  t.deepEqual(faults, []);
});

testWith(programs, 'somebody disables his own account, and is not let in any more', async (t) => {
  const holdfast = await startWithAnna(t);
  const {page, faults} = await visit(t);
  await page.goto(`${holdfast.url}/sign-in?to=/profile`);
  await fillSignIn(page, 'anna', password);
  await page.getByRole('button', {name: 'Disable my account'}).click();
  const dialog = page.getByRole('dialog', {name: 'Disable my account'});
  const disable = dialog.getByRole('button', {name: 'Disable my account'});
  t.true(await disable.isDisabled());
  await dialog.getByLabel('Present password').fill('not her password');
  await disable.click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Present password').fill(password);
  await disable.click();
  await page.waitForURL(`${holdfast.url}/sign-in`);
  await fillSignIn(page, 'anna', password);
  await page.getByRole('alert').waitFor();
  t.regex(await holdfast.command('user show anna --json'), /"isEnabled": ?false/);
  t.deepEqual(faults, []);
});

testWith(programs, 'the pages of an account have no barriers', async (t) => {
  const holdfast = await start(t, {signUp: true});
  const {page} = await visit(t);
  const look = async (name: string): Promise<void> => examine(t, page, name);
  await page.goto(`${holdfast.url}/start`);
  await page.getByLabel('Code').fill('AAAAA-AAAAA-AAAAA-AAAAA');
  await look('start');
  await holdfast.command('user create anna --password-stdin', password);
  await page.goto(`${holdfast.url}/start`);
  await page.getByRole('heading', {name: 'There is an admin already'}).waitFor();
  await look('start-over');
  await page.goto(`${holdfast.url}/sign-up`);
  await page.getByLabel('User name').fill('x');
  await look('sign-up');
  await page.goto(`${holdfast.url}/sign-in?to=/profile&problem=denied-there&provider=x`);
  await page.getByRole('alert').waitFor();
  await look('sign-in');
  await fillSignIn(page, 'anna', password);
  await page.getByText('Where you are signed in').waitFor();
  await page.getByText('This browser', {exact: true}).waitFor();
  await look('profile');
  await page.goto(`${holdfast.url}/profile/tokens`);
  await page.getByRole('button', {name: 'Make a token'}).click();
  await page.getByRole('dialog').getByRole('textbox', {name: 'Name'}).fill('laptop');
  await look('token-dialog');
  await page.getByRole('dialog').getByRole('button', {name: 'Make a token'}).click();
  secret((await page.getByRole('group', {name: 'The token'}).textContent()) ?? '');
  await look('token-made');
  await page.getByRole('button', {name: 'I have copied it'}).click();
  await page.getByRole('dialog').waitFor({state: 'hidden'});
  await look('tokens');
  for (const tool of ['docker', 'helm', 'kubernetes']) {
    await page.goto(`${holdfast.url}/connect?tool=${tool}`);
    await page.getByRole('tabpanel').waitFor();
    await look(`connect-${tool}`);
  }
});
