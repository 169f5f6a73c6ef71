/** What changes something under a cookie has to come from a page of this registry: others can send forms too. */
import type {Context} from '../context.ts';

/**
 * `form`: browsers say where it comes from, so that what says nothing is refused. `json`: no page of others can send it without asking first, and a
 * program may say nothing.
 */
export function isSameOrigin(
  ctx: Context,
  externalUrl: string | undefined,
  kind: 'form' | 'json',
): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  const origin = ctx.get('Origin');
  // No page can send another one.
  if (site !== '') return site === 'same-origin';
  if (origin === '') return kind === 'json';
  const {protocol, host} = ctx.state.client;
  const own = [`${protocol}://${host}`, ...(externalUrl === undefined ? [] : [externalUrl])];
  return own.some((url) => URL.canParse(url) && new URL(url).origin === origin);
}
