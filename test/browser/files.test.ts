/** Files of images, and what two images have in different, as people look at them in Chromium. */
import {picture} from '../support/browser.ts';
import {testWith} from '../support/test-with.ts';
import {startBrowseBench} from './browse-bench.ts';

const programs = ['chromium', 'skopeo'] as const;
const base = {'etc/motd': 'Welcome.\n', 'etc/old': 'old\n', 'bin/tool': 'a\0b'};

testWith(
  programs,
  'somebody goes from a tag into its files, reads one, and sees what a layer has changed and deleted',
  async (t) => {
    const {push, open, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', {
      layers: [base, {'etc/motd': 'Welcome back.\n', 'etc/.wh.old': ''}],
      steps: ['ADD base /', 'COPY motd /etc/motd'],
    });
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories/tools~saw/tags/v1`);
    await page.getByRole('link', {name: 'Files', exact: true}).first().click();
    await page.getByRole('link', {name: 'etc', exact: true}).click();
    await page.getByRole('link', {name: 'motd'}).waitFor();
    t.is(await page.getByText('old', {exact: true}).count(), 0);
    t.true(await page.getByRole('row', {name: /motd/}).getByText('-rw-r--r--').isVisible());
    await picture(page, 'files');
    await page.getByRole('link', {name: 'motd'}).click();
    await page.getByText('Welcome back.').waitFor();
    await page.goBack();
    await page.getByRole('combobox', {name: 'Layer'}).click();
    await page.getByRole('option', {name: '2: COPY motd /etc/motd'}).click();
    await page.getByRole('row', {name: /old/}).getByText('deleted').waitFor();
    t.true(await page.getByRole('row', {name: /motd/}).getByText('changed').isVisible());
    await page.getByRole('combobox', {name: 'Layer'}).click();
    await page.getByRole('option', {name: '1: ADD base /'}).click();
    await page.getByRole('link', {name: 'motd'}).click();
    await page.getByText('Welcome.', {exact: true}).waitFor();
    await page.getByRole('link', {name: 'root'}).click();
    await page.getByRole('link', {name: 'bin', exact: true}).click();
    await page.getByRole('link', {name: 'tool', exact: true}).click();
    await page.getByText('This is no text.').waitFor();
    t.deepEqual(faults, []);
  },
);

testWith(programs, 'two tags are compared: layers, configuration and files', async (t) => {
  const {push, open, faults, holdfast} = await startBrowseBench(t);
  await push('tools/saw:v1', {layers: [base], env: ['MODE=slow']});
  await push('tools/saw:v2', {layers: [base, {'etc/new': 'n\n'}], env: ['MODE=fast']});
  const page = await open('anna');
  await page.goto(`${holdfast.url}/repositories/tools~saw`);
  for (const tag of ['v1', 'v2']) await page.getByLabel(`Select ${tag}`).check();
  await page.getByRole('link', {name: 'Compare'}).click();
  await page.getByText(/^1 layer in common/).waitFor();
  t.true(await page.getByText(/^1 layer in the second alone/).isVisible());
  t.true(await page.getByRole('row', {name: /MODE slow fast/}).isVisible());
  await page.getByText(/^1 added, 0 removed, 0 changed/).waitFor();
  t.true(await page.getByRole('row', {name: /\/etc\/new added/}).isVisible());
  await picture(page, 'compare');
  const field = page.getByRole('combobox', {name: 'To', exact: true});
  await field.fill('v1');
  await field.press('Enter');
  await page.getByText('They say the same.').waitFor();
  t.true(page.url().includes('to=v1'));
  t.deepEqual(faults, []);
});
