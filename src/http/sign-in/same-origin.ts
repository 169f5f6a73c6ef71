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
  if (site !== '' && site !== 'same-origin') return false;
  if (origin === '') return site !== '' || kind === 'json';
  if (!URL.canParse(origin)) return false;
  const hosts = [
    ctx.state.client.host,
    ...(externalUrl === undefined ? [] : [new URL(externalUrl).host]),
  ];
  return hosts.includes(new URL(origin).host);
}
