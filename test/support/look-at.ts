/** A page as it looks to somebody who can see it and to somebody who can't. */
import type {ExecutionContext} from 'ava';
import axe, {type AxeResults} from 'axe-core';
import type {Page} from 'playwright-core';
import {picture} from './browser.ts';
import {looks} from './looks.ts';
import type {Window} from './signed-in.ts';

/** What fades in has half its colours; what turns round for ever is left alone. */
const settled = `(async () => {
  // What changes with the colours begins with the next picture.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const isMoving = ({effect, playState}) =>
    playState === 'running' && effect.getComputedTiming().endTime !== Infinity;
  for (;;) {
    const moving = document.getAnimations().filter(isMoving);
    if (moving.length === 0) return;
    await Promise.allSettled(moving.map(({finished}) => finished));
  }
})()`;

/** Takes a picture of what is open in each look, and holds that nothing keeps anybody from reading it. */
export async function examine(t: ExecutionContext, page: Page, name: string): Promise<void> {
  for (const {name: look, colorScheme, size} of looks) {
    await page.emulateMedia({colorScheme});
    await page.setViewportSize(size);
    await page.evaluate(settled);
    await picture(page, `${name}-${look.replaceAll(' ', '-')}`);
    t.deepEqual(await barriersOn(page), [], `${name}, ${look}`);
    const isTooWide = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    t.is(isTooWide, false, `${name}, ${look}, goes beyond the screen`);
  }
}

/** `open` brings the page into the state that is looked at. */
export async function lookAt(
  t: ExecutionContext,
  {page, visit}: Window,
  {
    path,
    name,
    open = async () => Promise.resolve(),
  }: {
    readonly path: string;
    readonly name: string;
    readonly open?: () => Promise<void>;
  },
): Promise<void> {
  await visit(path);
  await page.getByRole('heading', {level: 1}).waitFor();
  // Several parts of a page may be on their way.
  await page.getByRole('status', {name: 'Loading'}).first().waitFor({state: 'hidden'});
  await open();
  await examine(t, page, name);
}

/** What a program finds that looks at pages as somebody does who can't see them. */
async function barriersOn(page: Page): Promise<readonly string[]> {
  const isThere = await page.evaluate<boolean>('globalThis.axe !== undefined');
  if (!isThere) await page.evaluate(axe.source);
  // What is right is not listed: to describe it takes longer than to look.
  const {violations} = await page.evaluate<AxeResults>(
    "axe.run(document, {resultTypes: ['violations']})",
  );
  return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html}`));
}
