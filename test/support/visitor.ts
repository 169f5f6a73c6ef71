/** Somebody with a browser of his own in front of the pages, and what the browser has against them. */
import type {BrowserContext, Page} from 'playwright-core';
import {startBrowser} from './browser.ts';
import type {Lifetime} from './lifetime.ts';

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What its console tells of errors; refused requests are none. */
  readonly faults: readonly string[];
}

export async function visit(
  life: Lifetime,
  options: Parameters<typeof startBrowser>[1] = {},
): Promise<Visitor> {
  const context = await startBrowser(life, options);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) {
      faults.push(text);
    }
  });
  page.on('pageerror', (error) => {
    faults.push(error.message);
  });
  return {context, page, faults};
}

/** With name and password, on the page of the sign-in that is open. */
export async function fillSignIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(name);
  await page.getByLabel(/^Password(?: \*)?$/).fill(password);
  await page.getByRole('button', {name: 'Sign in', exact: true}).click();
}
