/** Whatever whoever pushes writes into an image, or says of one, is text on the pages. */
import type {Page} from 'playwright-core';
import {picture} from '../support/browser.ts';
import {testWith} from '../support/test-with.ts';
import {startBrowseBench} from './browse-bench.ts';

const script = '<script>window.isTaken = true</script><img src=x onerror="window.isTaken = true">';
const bidi = 'abc\u202Etxt.exe';

const isTaken = async (page: Page) => page.evaluate<boolean>('window.isTaken === true');
const overflow = async (page: Page) =>
  page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );

testWith(
  ['chromium', 'skopeo'],
  'labels, steps, annotations, files and Markdown of an attacker run nothing and break no page',
  async (t) => {
    const {push, open, faults, holdfast} = await startBrowseBench(t);
    const digest = await push('tools/saw:v1', {
      layers: [{[`etc/${bidi}`]: script, 'etc/<b>bold': 'x', [`etc/${'n'.repeat(200)}`]: 'x'}],
      labels: {[script]: script, bidi, long: 'z'.repeat(100_000)},
      steps: [`RUN ${script}${'y'.repeat(10_000)}`],
      env: [`NAME=${script}`],
      annotations: {[script]: script, 'org.example.link': 'javascript:window.isTaken=true'},
    });
    await push('tools/saw:huge', {layers: [{}], labels: {long: 'z'.repeat(3_500_000)}});
    const page = await open('anna');
    await page.setViewportSize({width: 390, height: 800});
    const place = `${holdfast.url}/repositories/tools~saw`;
    const text =
      `${script}\n\n[press](javascript:window.isTaken=true) ![](https://example.org/x.png)\n\n` +
      `<a href="javascript:window.isTaken=true">press</a> ${'w'.repeat(5000)}`;
    await page.goto(place);
    await page.getByRole('button', {name: 'Edit'}).click();
    await page.getByRole('textbox', {name: 'Description in Markdown'}).fill(text);
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('The description is saved.').waitFor();
    await page.getByText('window.isTaken = true').first().waitFor();
    t.is(await page.locator('main img, main script').count(), 0);
    for (const link of await page.getByText('press').all()) await link.click();
    t.is(await page.locator('main a[href^="javascript:"]').count(), 0);
    const look = async (address: string, shown: string): Promise<void> => {
      await page.goto(address);
      await page.getByText(shown).first().waitFor();
      t.false(await isTaken(page), address);
      t.is(await overflow(page), 0, address);
    };
    await look(place, 'w'.repeat(100));
    await look(`${place}/tags/v1`, 'yyy');
    await look(`${place}/tags/v1?tab=configuration`, '<script>');
    await picture(page, 'hostile-configuration');
    await look(`${place}/tags/huge`, 'sha256:');
    await look(`${place}/tags/v1?tab=annotations`, 'javascript:');
    await look(`${place}/tags/v1?tab=raw`, 'javascript:');
    await look(`${place}/manifests/${digest}/files?path=/etc`, '<b>bold');
    await picture(page, 'hostile-files');
    await look(
      `${place}/manifests/${digest}/files?path=/etc&file=${encodeURIComponent(`/etc/${bidi}`)}`,
      'window.isTaken = true',
    );
    await look(`${holdfast.url}/search?q=${encodeURIComponent(script)}`, 'found');
    t.deepEqual(faults, []);
  },
);
