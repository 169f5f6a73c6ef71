/** What was pushed is hostile: no browser shall run it, or guess what it is. */
import type {Middleware} from '../context.ts';

export const hostileContent: Middleware = async (ctx, next) => {
  if (/^\/v2(?:\/|$)/.test(ctx.path)) {
    ctx.set({
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Docker-Distribution-Api-Version': 'registry/2.0',
    });
  }
  await next();
};
