/** A real browser: Chromium, with an empty profile. */
import {join} from 'node:path';
import {type BrowserContext, chromium, type Page} from 'playwright-core';
import type {Lifetime} from './lifetime.ts';
import {layHostAddress} from './network-namespace.ts';
import {findProgram} from './programs.ts';
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
    javaScriptEnabled = true,
  }: {
    readonly colorScheme?: 'light' | 'dark';
    readonly javaScriptEnabled?: boolean;
  } = {},
): Promise<BrowserContext> {
  await layHostAddress();
  const profile = await temporaryDirectory(life);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findProgram('chromium') ?? 'chromium',
    headless: true,
    args: words,
    ignoreHTTPSErrors: true,
    colorScheme,
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
