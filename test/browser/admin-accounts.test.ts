/** What admins do in a browser about accounts that are kept out, and about those who may not what they want. */
import {picture, startBrowser} from '../support/browser.ts';
import {passwordOf, startWithPeople} from '../support/people.ts';
import {secret} from '../support/secrets.ts';
import {signInHere} from '../support/sign-in.ts';
import {openWindow} from '../support/signed-in.ts';
import {testWith} from '../support/test-with.ts';
import {fillSignIn, visit as visitAs} from '../support/visitor.ts';

const admin = {name: 'admin', password: secret('password of the admin')};

testWith(
  ['chromium'],
  'whom wrong passwords have locked an admin finds in the list, and lets in again at once',
  async (t) => {
    t.timeout(120_000);
    const holdfast = await startWithPeople(t, {
      settings: {auth: {mode: 'accounts', failures: 2}},
    });
    for (const wrong of ['the first wrong one', 'the second wrong one']) {
      await signInHere(holdfast, 'anna', wrong);
    }
    const {page: anna} = await visitAs(t);
    await anna.goto(`${holdfast.url}/sign-in`);
    await fillSignIn(anna, 'anna', passwordOf('anna'));
    const told = anna.getByRole('alert');
    await told.filter({hasText: /Try again in \d+ (?:minutes|seconds)\./}).waitFor();

    const {page, faults, visit} = await openWindow(await startBrowser(t), holdfast, admin);
    await visit('/admin/users');
    await page.getByRole('row', {name: /anna.*locked/}).waitFor();
    t.is(await page.getByRole('row', {name: /bert.*locked/}).count(), 0);
    await picture(page, 'users-locked');
    await page.getByRole('link', {name: 'anna'}).click();
    await page.getByRole('heading', {name: 'anna', level: 1}).waitFor();
    const lock = page.getByRole('alert', {name: 'Locked for a while'});
    await lock.filter({hasText: /until .*\d/}).waitFor();
    await picture(page, 'user-locked');
    await lock.getByRole('button', {name: 'Let it log in again'}).click();
    await page.getByText('anna may log in again.').waitFor();
    await lock.waitFor({state: 'detached'});
    await fillSignIn(anna, 'anna', passwordOf('anna'));
    await anna.waitForURL(`${holdfast.url}/`);
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'why somebody may do something and another one may not is asked on a page, and following its advice changes the answer',
  async (t) => {
    t.timeout(120_000);
    const holdfast = await startWithPeople(t);
    const {page, faults, visit} = await openWindow(await startBrowser(t), holdfast, admin);
    const part = page.getByRole('region', {name: 'What it may'});
    const answer = part.getByRole('status');
    const ask = async (action: string, repository: string): Promise<void> => {
      await part.getByRole('textbox', {name: 'Repository'}).fill(repository);
      await part.getByRole('combobox', {name: 'To'}).selectOption(action);
      await part.getByRole('button', {name: 'Explain'}).click();
    };
    const comeTo = async (name: string): Promise<void> => {
      await visit(`/admin/users/${name}`);
      await page.getByRole('heading', {name, level: 1}).waitFor();
    };
    await comeTo('anna');
    await ask('push', 'tools/saw');
    const belongs = 'the namespace tools belongs to the team "makers", with the role owner';
    await answer.filter({hasText: `anna may push to tools/saw: ${belongs}`}).waitFor();
    await answer.filter({hasText: 'Yes'}).waitFor();
    await picture(page, 'explain-yes');

    await comeTo('bert');
    await ask('push', 'Not a name');
    await part.getByText('must').waitFor();
    t.is(await answer.count(), 0);
    await ask('pull', 'open/saw');
    await answer.filter({hasText: 'the namespace open is public'}).waitFor();
    await ask('push', 'tools/saw');
    const isNot = 'the namespace tools is private and belongs to the team "makers", in which bert';
    await answer.filter({hasText: `bert may not push to tools/saw: ${isNot} is not`}).waitFor();
    await answer.filter({hasText: 'No'}).waitFor();
    await picture(page, 'explain-no');
    const text = (await answer.textContent()) ?? '';
    const [, command = text] =
      /To change that: .*: holdfast (team add-member .* --role contributor)/.exec(text) ?? [];
    await holdfast.command(command);
    await ask('push', 'tools/saw');
    await answer.filter({hasText: 'Yes'}).waitFor();
    await answer.getByRole('link', {name: 'The team makers'}).click();
    await page.waitForURL(`${holdfast.url}/teams/makers`);
    await page.getByRole('row', {name: /bert.*contributor/i}).waitFor();
    t.deepEqual(faults, []);
  },
);
