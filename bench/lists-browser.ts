/**
 * The pages of lists that have a great many rows, in a real browser: `node bench/lists-browser.ts [ROWS]`, by default 100,000 of each. A time is from
 * the address to the first row that can be seen, with the pages in the browser's cache.
 */
import type {Page} from 'playwright-core';
import {chromium} from 'playwright-core';
import {names, password} from './large-house.ts';
import {large, withManyRows} from './many-rows.ts';
import {tableHead, timedRow} from './timed-row.ts';

const rows = Number(process.argv[2] ?? 100_000);
const rounds = 5;
const last = Math.floor(rows / 25);

/** Content first: of what lies in the index alone the first comparison with the storage, after a minute, leaves nothing. */
const pages: Readonly<Record<string, string>> = {
  repositories: '/repositories',
  'repositories, far behind': `/repositories?page=${Math.floor(rows / 40)}`,
  'tags of one repository': `/repositories/${large}`,
  search: '/search?q=e-77',
  'first page': '/',
  activities: '/activities',
  teams: '/teams',
  namespaces: '/namespaces',
  robots: '/robots',
  users: '/admin/users',
  'users, last page': `/admin/users?page=${last}`,
};

async function signIn(page: Page, url: string, username: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', {name: 'Sign in', exact: true}).click();
  await page.waitForURL(`${url}/`);
}

for (const [who, user] of Object.entries(names)) {
  await withManyRows(rows, async (url) => {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    try {
      const page = await browser.newPage();
      await signIn(page, url, user);
      process.stdout.write(`\nas ${who}, ${rows} rows of each\n\n${tableHead}`);
      for (const [what, path] of Object.entries(pages)) {
        if (path.startsWith('/admin') && user !== names.admin) continue;
        const look = async (): Promise<void> => {
          await page.goto(`${url}${path}`, {waitUntil: 'commit'});
          // Of a table, or of a list.
          await page.locator('main').locator('tbody td:visible, li:visible').first().waitFor();
        };
        await look();
        await timedRow(what, rounds, look);
      }
    } finally {
      await browser.close();
    }
  });
}
