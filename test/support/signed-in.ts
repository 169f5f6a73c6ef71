/** A window of a browser in which somebody has signed in, as a page does it. */
import type {BrowserContext, Page} from 'playwright-core';
import type {Holdfast} from './holdfast.ts';

export interface Window {
  readonly page: Page;
  /** What the console says that should not be there. */
  readonly faults: readonly string[];
  /** Goes to a page of the registry. */
  readonly visit: (path: string) => Promise<void>;
}

export async function openWindow(
  context: BrowserContext,
  {url}: Pick<Holdfast, 'url'>,
  who?: {readonly name: string; readonly password: string},
): Promise<Window> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({message}) => faults.push(message));
  page.on('console', (message) => {
    // That something was refused is told on the page.
    const isAnswer = /Failed to load resource|Problem: /.test(message.text());
    if (message.type() === 'error' && !isAnswer) faults.push(message.text());
  });
  if (who) {
    await page.goto(`${url}/api/v1/_ping`);
    const status = await page.evaluate(async ({name: username, password}) => {
      const headers = {'Content-Type': 'application/json'};
      const body = JSON.stringify({username, password});
      return (await fetch('/api/v1/session', {method: 'POST', headers, body})).status;
    }, who);
    if (status !== 201) throw new Error(`the sign-in was answered ${status}`);
  }
  return {
    page,
    faults,
    visit: async (path) => {
      await page.goto(`${url}${path}`);
    },
  };
}
