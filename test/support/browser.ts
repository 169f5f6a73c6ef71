/** A real browser: Chromium, with an empty profile. */
import {type BrowserContext, chromium} from 'playwright-core';
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
