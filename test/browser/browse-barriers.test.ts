/** The pages that show what there is, for whoever can't see them, has a narrow screen, or no account. */
import {examine} from '../support/look-at.ts';
import {testWith} from '../support/test-with.ts';
import {startBrowseBench} from './browse-bench.ts';

const programs = ['chromium', 'skopeo'] as const;
const image = {layers: [{'etc/motd': 'one'}], labels: {vendor: 'Example'}};

testWith(programs, 'the pages that show what there is have no barriers', async (t) => {
  const {push, open, faults, holdfast} = await startBrowseBench(t);
  const digest = await push('tools/saw:v1', image);
  await push('tools/saw:v2', image, {...image, architecture: 'arm64'});
  await push('tools/saw:v3', image);
  await holdfast.command('tag delete tools/saw:v3 --yes');
  const page = await open('anna');
  const saw = '/repositories/tools~saw';
  for (const [address, shown] of [
    ['/repositories', 'tools/saw'],
    ['/namespaces', 'tools'],
    ['/namespaces/tools', 'tools/saw'],
    [saw, 'v2'],
    [`${saw}?tab=deleted`, 'v3'],
    [`${saw}?tab=comments`, 'Nobody has said anything yet.'],
    [`${saw}?tab=activity`, 'anna'],
    [`${saw}/tags/v2`, 'linux/arm64'],
    [`${saw}/tags/v1`, 'COPY layer-1 /'],
    [`${saw}/tags/v1?tab=configuration`, 'vendor'],
    [`${saw}/tags/v1?tab=history`, 'now'],
    [`${saw}/tags/v1?tab=annotations`, 'There are none.'],
    [`${saw}/tags/v1?tab=referrers`, 'Nothing hangs on it'],
    [`${saw}/tags/v1?tab=raw`, 'schemaVersion'],
    [`${saw}/manifests/${digest}`, 'COPY layer-1 /'],
    [`${saw}/manifests/${digest}/files?path=/etc`, 'motd'],
    [`${saw}/compare?from=v1&to=v2`, 'They say the same.'],
    ['/search?q=saw', '1 found'],
    ['/repositories/no~such', 'no such'],
  ] as const) {
    await page.goto(`${holdfast.url}${address}`);
    await page.locator('main').getByText(shown).first().waitFor();
    await examine(t, page, address.slice(1).replaceAll(/\W+/g, '-'));
  }
  await page.goto(`${holdfast.url}${saw}/tags/v1`);
  await page.getByRole('button', {name: 'Delete', exact: true}).click();
  await page.getByRole('dialog').getByText('What they point at stays').waitFor();
  await examine(t, page, 'before-a-tag-is-deleted');
  // The page of what is not there says that of itself.
  t.deepEqual(
    faults.filter((fault) => !fault.includes('there is no such repository')),
    [],
  );
});

testWith(
  programs,
  'pages, tabs and filters stand in the address: going back leads to the former one',
  async (t) => {
    const {push, open, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', image);
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories`);
    await page.getByRole('tab', {name: 'Starred'}).click();
    await page.getByText('You have given no repository a star yet.').waitFor();
    await page.goBack();
    await page.getByRole('link', {name: 'tools/saw'}).click();
    await page.getByRole('tab', {name: 'Activity'}).click();
    await page.getByRole('cell', {name: 'Push'}).first().waitFor();
    await page.reload();
    await page.getByRole('tab', {name: 'Activity', selected: true}).waitFor();
    await page.goBack();
    await page.getByRole('tab', {name: 'Tags', selected: true}).waitFor();
    await page.goForward();
    await page.getByRole('tab', {name: 'Activity', selected: true}).waitFor();
    await page.goto(`${holdfast.url}/repositories`);
    await page.getByRole('searchbox', {name: 'Filter by name'}).fill('none');
    await page.getByText('Nothing fits that.').waitFor();
    t.true(page.url().endsWith('?name=none'));
    await page.keyboard.press('Escape');
    await page.getByRole('heading', {level: 1}).click();
    await page.keyboard.press('/');
    await page.keyboard.type('saw');
    await page.getByRole('option', {name: /tools\/saw/}).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${holdfast.url}/repositories/tools~saw`);
    await page.keyboard.press('/');
    await page.keyboard.type('saw');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${holdfast.url}/search?q=saw`);
    await page.getByText('1 found').waitFor();
    t.deepEqual(faults, []);
  },
);
