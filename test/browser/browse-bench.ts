/** A registry with people, a client that pushes to it, and a browser in which somebody has signed in. */
import {readFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import type {Page} from 'playwright-core';
import supertest from 'supertest';
import {startBrowser} from '../support/browser.ts';
import type {Api} from '../support/content.ts';
import {type Holdfast, startHoldfast} from '../support/holdfast.ts';
import {type LayoutImage, writeLayout} from '../support/image-layout.ts';
import {secret} from '../support/secrets.ts';
import {type Workbench, workbench} from '../support/workbench.ts';

/** Of everybody. */
export const password = secret('the password of these pages');

export interface BrowseBench {
  readonly holdfast: Holdfast;
  readonly bench: Workbench;
  /** By skopeo, as anna: `push('tools/saw:v1', image)`. */
  readonly push: (
    to: string,
    ...images: readonly [LayoutImage, ...LayoutImage[]]
  ) => Promise<string>;
  /** As anna, for what no client would send. */
  readonly api: Api;
  /** A page in a browser of its own; without a name nobody has signed in. */
  readonly open: (name?: string, options?: Parameters<typeof startBrowser>[1]) => Promise<Page>;
  /** What the pages have complained of. */
  readonly faults: readonly string[];
}

/** The admin anna owns the team makers and its private namespace tools; bert is in no team; open is public. */
export async function startBrowseBench(t: ExecutionContext): Promise<BrowseBench> {
  const bench = await workbench(t);
  const holdfast = await startHoldfast(t, {settings: {auth: {mode: 'accounts'}}});
  await holdfast.command('user create anna --password-stdin', password);
  await holdfast.command('user create bert --password-stdin', password);
  await holdfast.command('team create makers --owner anna');
  await holdfast.command('namespace create tools --team makers');
  await holdfast.command('namespace create open --team makers --visibility public');
  const trust = ['--cert-dir', holdfast.certDir];
  const login = ['login', '--username', 'anna', '--password-stdin', ...trust, holdfast.host];
  await bench.skopeo.given(password)(...login);
  const faults: string[] = [];
  let layouts = 0;
  const api = supertest.agent(holdfast.url, {ca: await readFile(holdfast.caFile)});
  return {
    holdfast,
    bench,
    faults,
    api: api.auth('anna', password),
    push: async (to, ...images) => {
      layouts += 1;
      const layout = bench.path(`layout-${layouts}`);
      const digest = await writeLayout(layout, ...images);
      const place = `docker://${holdfast.host}/${to}`;
      const words = ['--all', '--preserve-digests', '--dest-cert-dir', holdfast.certDir];
      await bench.skopeo('copy', ...words, `oci:${layout}`, place);
      return digest;
    },
    open: async (name, options) => {
      const context = await startBrowser(t, options);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        const {url} = message.location();
        // An answer that refuses is one of the registry, and a page shows it.
        if (message.type() === 'error' && !url.includes('/api/')) faults.push(message.text());
      });
      await page.goto(`${holdfast.url}/repositories`);
      if (name !== undefined) {
        const body = JSON.stringify({username: name, password});
        const asked = `fetch('/api/v1/session', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: ${JSON.stringify(body)}}).then(({status}) => status)`;
        t.is(await page.evaluate<number>(asked), 201);
      }
      return page;
    },
  };
}
