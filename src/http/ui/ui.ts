/** The web interface: files as they were built, and for every address of a page the one document that shows it. */
import {randomBytes} from 'node:crypto';
import type {Context, Middleware} from '../context.ts';
import type {Config} from '../../config/schema.ts';
import type {BuiltPages} from './built-pages.ts';
import {pagePolicy} from './page-policy.ts';
import {sendFile} from './send-file.ts';

/** In bytes. */
const nonceBytes = 16;
/** What programs ask for: there a browser is told what it would be told. */
const forPrograms = /^\/(?:v2|api)(?:\/|$)/;

/** Comes after the routes: what is none of theirs, and asked for by a browser, is a page. */
export function ui({files, document}: BuiltPages): Middleware {
  return async (ctx, next) => {
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (!isRead || forPrograms.test(ctx.path)) {
      await next();
      return;
    }
    if (await sendFile(ctx, files)) return;
    ctx.vary('Accept');
    // Who takes anything is a program.
    if (ctx.accepts('json', 'html') === 'html') {
      ctx.state.route = 'ui';
      showDocument(ctx, document);
    } else await next();
  };
}

function showDocument(ctx: Context, document: string): void {
  const nonce = randomBytes(nonceBytes).toString('base64');
  ctx.set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': pagePolicy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  ctx.body = document
    .replace('<base href="/" />', `<base href="${ctx.state.client.prefix}/" />`)
    .replace('name="csp-nonce" content=""', `name="csp-nonce" content="${nonce}"`);
}

/** Whether the pages are where the registry listens. */
export const areHere = ({listen}: Config['ui']): boolean => listen.length === 0;
