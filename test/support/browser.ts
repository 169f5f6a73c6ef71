/** A real browser: Chromium, with an empty profile. */
import {join} from 'node:path';
import {AxeBuilder} from '@axe-core/playwright';
import {type BrowserContext, chromium, type Page} from 'playwright-core';
import {findProgram} from './programs.ts';
import type {Lifetime} from './lifetime.ts';
import {temporaryDirectory} from './temporary-directory.ts';

const words = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** It takes whatever certificate it is shown: who is trusted is another test's business. */
export async function startBrowser(
  life: Lifetime,
  {
    colorScheme = 'light',
    bypassCSP = false,
    javaScriptEnabled = true,
  }: {
    readonly colorScheme?: 'light' | 'dark';
    readonly bypassCSP?: boolean;
    readonly javaScriptEnabled?: boolean;
  } = {},
): Promise<BrowserContext> {
  const profile = await temporaryDirectory(life);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findProgram('chromium') ?? 'chromium',
    headless: true,
    args: words,
    ignoreHTTPSErrors: true,
    colorScheme,
    bypassCSP,
    javaScriptEnabled,
    viewport: {width: 900, height: 900},
  });
  life.teardown(async () => context.close());
  return context;
}

/** Where this is set the pages are kept as pictures there, for somebody to look at. */
const pictures = process.env['TEST_PICTURES'];

export async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    await page.screenshot({path: join(pictures, `${name}.png`), fullPage: true});
  }
}

/** What a program finds that looks at pages as somebody does who can't see them. */
export async function barriersOn(page: Page): Promise<readonly string[]> {
  const {violations} = await new AxeBuilder({page}).analyze();
  return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html}`));
}
