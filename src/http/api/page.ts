/** A page of text: without scripts, without forms, in no frame, kept by nobody. */
import type {Context} from '../context.ts';
import {type Html, html} from './html.ts';
import {style, styleSource} from './page-style.ts';

export interface Page {
  readonly title: string;
  readonly content: Html;
}

const policy = [
  "default-src 'none'",
  `style-src ${styleSource}`,
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** To the byte what the policy allows. */
const styles: Html = {html: `<style>${style}</style>`};

export function showPage(ctx: Context, {title, content}: Page): void {
  ctx.status = 200;
  ctx.set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Holdfast</title>
        ${styles}
      </head>
      <body>
        <main>
          <p class="brand">Holdfast</p>
          ${content}
        </main>
      </body>
    </html>`;
  ctx.body = page.html;
}
