/** A file of the pages, packed as the browser takes it. */
import {hash} from 'node:crypto';
import {extname} from 'node:path';
import type {ReadOnlyTree} from '../../host/read-only-tree.ts';
import type {Context} from '../context.ts';
import {documentName} from './built-pages.ts';

/** In seconds: their names change with what is in them. */
const assetsKeptFor = 31_536_000;
const packings = [
  {encoding: 'br', suffix: '.br'},
  {encoding: 'gzip', suffix: '.gz'},
] as const;

/** False: there is none of that name. */
export async function sendFile(ctx: Context, {names, read}: ReadOnlyTree): Promise<boolean> {
  const name = ctx.path.slice(1);
  // The document is shown with a policy of its own.
  if (!names.has(name) || name === documentName || packings.some(isSuffixOf(name))) return false;
  const packed = packings.find(
    ({encoding, suffix}) =>
      names.has(`${name}${suffix}`) && ctx.acceptsEncodings(encoding) === encoding,
  );
  const bytes = await read(`${name}${packed?.suffix ?? ''}`);
  if (!bytes) return false;
  ctx.state.route = 'ui-file';
  ctx.vary('Accept-Encoding');
  ctx.set({
    'Cache-Control': name.startsWith('assets/')
      ? `public, max-age=${assetsKeptFor}, immutable`
      : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    ...(packed && {'Content-Encoding': packed.encoding}),
  });
  ctx.type = extname(name);
  ctx.etag = hash('sha256', bytes, 'base64url');
  ctx.status = 200;
  if (ctx.fresh) ctx.status = 304;
  else ctx.body = bytes;
  return true;
}

const isSuffixOf =
  (name: string) =>
  ({suffix}: (typeof packings)[number]): boolean =>
    name.endsWith(suffix);
