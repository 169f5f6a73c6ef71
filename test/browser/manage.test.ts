/** What people look after, in a real browser: teams, namespaces, robots, webhooks, and who did what. */
import type {ExecutionContext} from 'ava';
import {readFile} from 'node:fs/promises';
import {picture, startBrowser} from '../support/browser.ts';
import {passwordOf, startWithPeople, type WithPeople} from '../support/people.ts';
import {pushImage} from '../support/push-image.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {secret} from '../support/secrets.ts';
import {openWindow, type Window} from '../support/signed-in.ts';
import {testWith} from '../support/test-with.ts';

const programs = ['chromium', 'skopeo', 'umoci'] as const;

async function windowOf(t: ExecutionContext, holdfast: WithPeople, name: string): Promise<Window> {
  return openWindow(await startBrowser(t), holdfast, {name, password: passwordOf(name)});
}

testWith(
  programs,
  'an owner makes a team and a namespace, and whom he takes in pushes there with skopeo',
  async (t) => {
    const holdfast = await startWithPeople(t);
    const {page, faults, visit} = await windowOf(t, holdfast, 'anna');
    await visit('/teams');
    await page.getByRole('button', {name: 'Make a team'}).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('makers');
    await dialog.getByLabel('Description').fill('who **build** things');
    await dialog.getByRole('button', {name: 'Make a team'}).click();
    await dialog.getByText('there is a team makers already').waitFor();
    t.is(await dialog.getByLabel('Description').inputValue(), 'who **build** things');
    await dialog.getByLabel('Name').fill('builders');
    await dialog.getByRole('button', {name: 'Make a team'}).click();
    await page.waitForURL(`${holdfast.url}/teams/builders`);
    t.is(await page.locator('strong').textContent(), 'build');

    await page.getByRole('link', {name: 'Make a namespace'}).click();
    const name = page.getByRole('textbox', {name: 'Name'});
    await name.fill('Not a name');
    await page.getByText('must be').first().waitFor();
    await name.fill('build');
    await page.getByLabel('The name is free').waitFor();
    t.is(await page.getByRole('combobox', {name: 'Team'}).inputValue(), 'builders');
    await page.getByRole('button', {name: 'Make a namespace'}).click();
    await page.waitForURL(`${holdfast.url}/namespaces/build`);

    const account = {name: 'bert', password: passwordOf('bert'), to: 'build/app:v1'};
    t.regex((await pushImage(t, holdfast, account)) ?? '', /denied/);
    await visit('/teams/builders');
    await page.getByRole('combobox', {name: 'Account'}).fill('nobody-of-that-name');
    await page.getByRole('button', {name: 'Add', exact: true}).click();
    await page.getByText('nobody-of-that-name').first().waitFor();
    await page.getByRole('combobox', {name: 'Account'}).fill('bert');
    await page.getByRole('button', {name: 'Add', exact: true}).click();
    await page.getByText('bert is in the team now, as contributor.').waitFor();
    await picture(page, 'team');
    t.is(await pushImage(t, holdfast, account), undefined);
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'an admin has his own teams first, and finds those of others by a part of the name',
  async (t) => {
    const holdfast = await startWithPeople(t);
    await holdfast.command('user create cleo --admin --password-stdin', passwordOf('cleo'));
    await holdfast.command('team create menders --owner cleo');
    await holdfast.command('team create heirs --owner anna');
    const {page, faults, visit} = await windowOf(t, holdfast, 'cleo');
    await visit('/teams');
    await page.getByRole('link', {name: 'menders'}).waitFor();
    t.is(await page.getByRole('link', {name: 'makers'}).count(), 0);
    await page.getByRole('tab', {name: 'Others'}).click();
    await page.getByRole('link', {name: 'makers'}).waitFor();
    await page.getByRole('searchbox', {name: 'Filter by name'}).fill('ei');
    await page.getByRole('link', {name: 'makers'}).waitFor({state: 'detached'});
    t.true(await page.getByRole('link', {name: 'heirs'}).isVisible());
    await picture(page, 'teams-of-others');
    await page.reload();
    await page.getByRole('link', {name: 'heirs'}).waitFor();
    t.is(await page.getByRole('row').count(), 2);
    t.deepEqual(faults, []);
  },
);

testWith(
  programs,
  'the last owner stays, a role is changed, and a team that goes gives its namespaces to another',
  async (t) => {
    const holdfast = await startWithPeople(t);
    await holdfast.command('team create heirs --owner anna');
    await holdfast.command('team add-member makers bert --role viewer');
    const {page, faults, visit} = await windowOf(t, holdfast, 'anna');
    await visit('/teams/makers');
    await page.getByRole('button', {name: 'Remove anna'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', {name: 'Remove', exact: true}).click();
    t.regex((await dialog.getByRole('alert').textContent()) ?? '', /owner/);
    await dialog.getByRole('button', {name: 'Cancel'}).click();
    await page.getByRole('combobox', {name: 'Role of bert'}).click();
    await page.getByRole('option', {name: 'contributor'}).click();
    await page.getByText('bert is contributor now.').waitFor();

    await page.getByRole('button', {name: 'Delete the team'}).click();
    await dialog.getByText('2 namespaces go to another team').waitFor();
    t.true(await dialog.getByText('open, tools').isVisible());
    const go = dialog.getByRole('button', {name: 'Delete the team'});
    await dialog.getByLabel('Type makers to go on').fill('makers');
    t.true(await go.isDisabled());
    await dialog.getByRole('combobox', {name: 'The team that gets'}).fill('heirs');
    await picture(page, 'delete-team');
    await go.click();
    await page.waitForURL(`${holdfast.url}/teams`);
    await visit('/teams/heirs');
    await page.getByRole('link', {name: 'tools'}).waitFor();
    await visit('/teams/makers');
    await page.getByText('there is no such team').waitFor();
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'a webhook that is made on a page tells its receiver, and a delivery is sent again',
  async (t) => {
    const receiver = await startReceiver(t);
    const notifications = {allowedTargets: ['127.0.0.0/8']};
    const holdfast = await startWithPeople(t, {
      settings: {auth: {mode: 'accounts'}, notifications},
    });
    const {page, faults, visit} = await windowOf(t, holdfast, 'anna');
    await visit('/namespaces/tools/webhooks');
    await page.getByRole('button', {name: 'Make a webhook'}).first().click();
    await page.getByRole('textbox', {name: 'Name', exact: true}).fill('ci');
    await page.getByRole('textbox', {name: 'Address'}).fill('http://169.254.0.1/metadata');
    await page.getByLabel('Secret').fill(secret('a secret of the receiver'));
    await page.getByRole('button', {name: 'Add a header'}).click();
    await page.getByLabel('Name of header 1').fill('X-Team');
    await page.getByLabel('Value of header 1').fill('makers');
    const make = page.getByRole('button', {name: 'Make a webhook'});
    await make.click();
    await page.getByText('169.254.0.1').first().waitFor();
    await page.getByRole('textbox', {name: 'Address'}).fill(receiver.url);
    await make.click();
    await page.waitForURL(`${holdfast.url}/webhooks/*`);

    await page.getByRole('button', {name: 'Send a test'}).click();
    const [first] = await receiver.count(1);
    t.is(first?.headers['x-team'], 'makers');
    t.truthy(first?.headers['webhook-signature']);
    await page.getByRole('cell', {name: 'delivered'}).waitFor();
    receiver.answer({status: 500, body: 'not today'});
    await page.getByRole('table', {name: 'Deliveries'}).getByRole('button').first().click();
    await page.getByRole('dialog').getByText('webhook-id').waitFor();
    await picture(page, 'delivery');
    await page.getByRole('button', {name: 'Send it again'}).click();
    await receiver.count(2);
    receiver.answer({});
    await page.getByRole('row').nth(2).waitFor();
    await page.getByRole('combobox', {name: 'State'}).click();
    await page.getByRole('option', {name: 'dropped'}).click();
    await page.getByText('Nothing was sent yet.').waitFor();
    t.true(page.url().endsWith('?state=dropped'));

    await page.getByRole('button', {name: 'Edit', exact: true}).click();
    await page.getByRole('switch', {name: 'Enabled'}).uncheck({force: true});
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('The webhook ci is saved.').waitFor();
    const hook = (await holdfast.command('webhook list --namespace tools --json')) || '';
    t.regex(hook, /"isEnabled": ?false/);
    t.regex(hook, /"hasSecret": ?true/);
    t.deepEqual(faults, []);
  },
);

testWith(
  programs,
  'a robot that is made on a page logs in with the token that is shown this once',
  async (t) => {
    const holdfast = await startWithPeople(t);
    const {page, faults, visit} = await windowOf(t, holdfast, 'anna');
    await visit('/robots');
    await page.getByRole('button', {name: 'Make a robot'}).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('ci');
    await dialog.getByRole('combobox', {name: 'Team'}).fill('makers');
    await dialog.getByRole('button', {name: 'Make a robot'}).click();
    const token = secret(
      (await dialog.getByRole('group', {name: 'The token'}).textContent()) ?? '',
    );
    t.true(await dialog.getByText(`docker login ${holdfast.host} -u ci`).isVisible());
    const robot = {name: 'ci', password: token, to: 'tools/built:v1'};
    t.is(await pushImage(t, holdfast, robot), undefined);

    await dialog.getByRole('button', {name: 'I have copied it'}).click();
    await page.getByRole('link', {name: 'ci', exact: true}).click();
    await page.getByRole('combobox', {name: 'Role'}).click();
    await page.getByRole('option', {name: 'viewer'}).click();
    await page.getByText('The robot ci is changed.').waitFor();
    t.regex((await pushImage(t, holdfast, robot)) ?? '', /denied/);
    await page.getByRole('combobox', {name: 'Role'}).click();
    await page.getByRole('option', {name: 'contributor'}).click();
    await page.getByText('contributor', {exact: true}).first().waitFor();
    await page.getByRole('button', {name: 'Make another token'}).click();
    await dialog.getByRole('textbox', {name: 'Name'}).fill('next');
    await dialog.getByRole('button', {name: 'Make a token'}).click();
    const next = secret((await dialog.getByRole('group', {name: 'The token'}).textContent()) ?? '');
    await dialog.getByRole('button', {name: 'I have copied it'}).click();
    await page.getByRole('button', {name: 'Revoke first'}).click();
    await dialog.getByRole('button', {name: 'Revoke'}).click();
    await page.getByText('The token first is revoked.').waitFor();
    await t.throwsAsync(pushImage(t, holdfast, robot));
    t.is(await pushImage(t, holdfast, {...robot, password: next}), undefined);
    await page.getByRole('button', {name: 'Delete the robot'}).click();
    await dialog.getByRole('button', {name: 'Delete the robot'}).click();
    await page.waitForURL(`${holdfast.url}/robots`);
    await page.getByText('There is no robot yet.').waitFor();
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'activities are narrowed by the address of the page, and come as CSV',
  async (t) => {
    const holdfast = await startWithPeople(t);
    const {page, faults, visit} = await windowOf(t, holdfast, 'anna');
    await visit('/activities');
    await page.getByText('made the team makers').waitFor();
    await page.getByLabel('Kind').selectOption('namespace');
    await page.getByLabel('To what').fill('tools');
    await page.getByRole('button', {name: 'Show', exact: true}).click();
    await page.waitForURL((url) => url.searchParams.get('subject') === 'tools');
    await page.getByText('made the team makers').waitFor({state: 'detached'});
    await page.reload();
    await page.getByText('made the namespace tools').click();
    await page.getByRole('dialog').getByText('namespace.create').waitFor();
    await picture(page, 'activity');
    await page.keyboard.press('Escape');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', {name: 'Download as CSV'}).click(),
    ]);
    const csv = await readFile(await download.path(), 'utf8');
    t.regex(csv, /namespace\.create/);
    t.notRegex(csv, /team\.create/);
    t.is(await page.getByRole('link', {name: 'Verification'}).count(), 0);
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium'],
  'who may not see a team or a namespace is told that there is none',
  async (t) => {
    const holdfast = await startWithPeople(t);
    const {page, visit} = await windowOf(t, holdfast, 'bert');
    for (const path of [
      '/teams/makers',
      '/namespaces/tools/settings',
      '/namespaces/tools/webhooks',
    ]) {
      await visit(path);
      await page.getByRole('heading', {name: 'There is no such page'}).waitFor();
    }
    await visit('/namespaces/open/settings');
    await page.getByText('owners of its team may change it').waitFor();
    t.is(await page.getByRole('button', {name: 'Delete it'}).count(), 0);
  },
);

testWith(['chromium'], 'a namespace is shown to others, given away and deleted', async (t) => {
  const holdfast = await startWithPeople(t);
  await holdfast.command('team create heirs --owner anna');
  const {page, faults, visit} = await windowOf(t, holdfast, 'anna');
  await visit('/namespaces/tools/settings');
  await page.getByRole('radio', {name: 'protected'}).check();
  await page.getByRole('button', {name: 'Save'}).click();
  await page.getByText('The namespace is protected now.').waitFor();
  await page.getByRole('combobox', {name: 'New team'}).fill('heirs');
  await page.getByRole('button', {name: 'Give it away'}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', {name: 'Give it away'}).click();
  await page.getByText('tools belongs to heirs now.').waitFor();
  await page.getByText('It belongs to heirs.').waitFor();
  await page.getByRole('button', {name: 'Delete it'}).click();
  await dialog.getByText('No repository lies in it.').waitFor();
  await dialog.getByText('1 member of its team has to log in again.').waitFor();
  await dialog.getByLabel('Type tools to go on').fill('tools');
  await picture(page, 'delete-namespace');
  await dialog.getByRole('button', {name: 'Delete it'}).click();
  await page.waitForURL(`${holdfast.url}/namespaces`);
  t.notRegex(await holdfast.command('namespace list'), /tools/);
  t.deepEqual(faults, []);
});

testWith(
  ['chromium'],
  'where it can not be told what a deletion takes with it, that is said, and nothing can be deleted',
  async (t) => {
    const holdfast = await startWithPeople(t);
    const {page, visit} = await windowOf(t, holdfast, 'anna');
    await visit('/teams/makers');
    await page.route(/\/api\/v1\/robots\?team=/, async (route) => route.abort('connectionreset'));
    await page.getByRole('button', {name: 'Delete the team'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('alert').getByText("The registry can't be reached.").waitFor();
    await dialog.getByLabel('Type makers to go on').fill('makers');
    t.true(await dialog.getByRole('button', {name: 'Delete the team'}).isDisabled());
    await dialog.getByRole('button', {name: 'Cancel'}).click();
    await dialog.waitFor({state: 'detached'});
    await page.unroute(/\/api\/v1\/robots\?team=/);
    await page.getByRole('button', {name: 'Delete the team'}).click();
    await dialog.getByText('2 namespaces go to another team').waitFor();
  },
);
