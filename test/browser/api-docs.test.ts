/** The page about the API as people read it: Chromium, in light and dark colours, on a narrow screen, with the keyboard. */
import {startBrowser} from '../support/browser.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {examine} from '../support/look-at.ts';
import {testWith} from '../support/test-with.ts';

testWith(
  ['chromium'],
  'the page about the API is read without barriers, and asks nobody else',
  async (t) => {
    const holdfast = await startHoldfast(t, {settings: {auth: {mode: 'accounts'}}});
    const context = await startBrowser(t);
    const page = await context.newPage();
    const asked = new Set<string>();
    const faults: string[] = [];
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    page.on('console', (message) => {
      // Which the page forbids.
      const isIcon = message.location().url.endsWith('/favicon.ico');
      if (message.type() === 'error' && !isIcon) faults.push(message.text());
    });
    await page.goto(`${holdfast.url}/api/docs`);
    await page.getByRole('link', {name: 'tags', exact: true}).click();
    t.is(new URL(page.url()).hash, '#tags');
    t.true(
      await page
        .getByRole('heading', {name: 'List the tags of a repository', exact: true})
        .isVisible(),
    );
    const fields = page.locator('#tags-list').getByText(/^In the query: /);
    await fields.focus();
    await page.keyboard.press('Enter');
    t.true(await page.locator('#tags-list').getByText('per_page', {exact: true}).isVisible());
    await examine(t, page, 'api-docs');
    t.deepEqual([...asked], [new URL(holdfast.url).origin]);
    t.deepEqual(faults, []);
  },
);
