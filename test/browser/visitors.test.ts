/** Who has no account, and who has no network. */
import {picture} from '../support/browser.ts';
import {testWith} from '../support/test-with.ts';
import {startBrowseBench} from './browse-bench.ts';

const programs = ['chromium', 'skopeo'] as const;
const image = {layers: [{'etc/motd': 'one'}]};

testWith(
  programs,
  'a visitor without an account sees what is public, on every page, and nothing else',
  async (t) => {
    const {push, open, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', image);
    await push('open/saw:v1', image);
    const page = await open();
    const visit = async (path: string): Promise<void> => {
      await page.goto(`${holdfast.url}${path}`);
    };
    await visit('/');
    await page.getByRole('link', {name: 'open/saw'}).first().waitFor();
    t.false((await page.content()).includes('tools'));
    await picture(page, 'visitor');
    await visit('/repositories');
    await page.getByRole('link', {name: 'open/saw'}).click();
    await page.getByRole('link', {name: 'v1', exact: true}).first().click();
    await page.getByRole('link', {name: 'Files', exact: true}).first().click();
    await page.getByRole('link', {name: 'etc', exact: true}).waitFor();
    await visit('/search?q=saw');
    await page.getByRole('link', {name: 'open/saw'}).first().waitFor();
    t.false((await page.content()).includes('tools'));
    await visit('/repositories/tools~saw');
    await page.getByText('there is no such repository').waitFor();
    await visit('/teams');
    await page.waitForURL(`${holdfast.url}/sign-in?to=%2Fteams`);
    t.deepEqual(
      faults.filter((fault) => !fault.includes('there is no such repository')),
      [],
    );
  },
);

testWith(
  programs,
  'a network that is gone is told while it is, and what was typed stays',
  async (t) => {
    const {push, open, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', image);
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories/tools~saw`);
    await page.getByRole('button', {name: 'Edit'}).click();
    const field = page.getByRole('textbox', {name: 'Description in Markdown'});
    await field.fill('It is sharp.');
    await page.context().setOffline(true);
    await page.getByText('There is no network.').waitFor();
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText("The registry can't be reached.").first().waitFor();
    t.is(await field.inputValue(), 'It is sharp.');
    await page.context().setOffline(false);
    await page.getByText('There is no network.').waitFor({state: 'detached'});
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('The description is saved.').waitFor();
  },
);

testWith(
  programs,
  'a part of the pages that does not come is asked for again, and where it never comes the rest goes on',
  async (t) => {
    const {push, open, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', image);
    const page = await open('anna');
    let refused = 0;
    await page.route(/\/assets\/repository-page-/, async (route) => {
      refused += 1;
      await (refused < 3 ? route.abort('connectionreset') : route.continue());
    });
    await page.route(/\/assets\/days-chart-/, async (route) => route.abort('connectionreset'));
    await page.goto(`${holdfast.url}/repositories/tools~saw`);
    await page.getByRole('button', {name: 'Edit'}).click();
    const field = page.getByRole('textbox', {name: 'Description in Markdown'});
    await field.fill('It is sharp.');
    await page.getByRole('alert').getByText('This part of the page could not be loaded').waitFor();
    t.is(refused, 3);
    t.is(await field.inputValue(), 'It is sharp.');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('The description is saved.').waitFor();
  },
);
