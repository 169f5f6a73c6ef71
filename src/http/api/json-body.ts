/** The body of a request to the API: JSON, and little of it. */
import {AdministrationError} from '../../auth/administration/administration-error.ts';
import type {Context} from '../context.ts';
import {bodyLength, withBody} from '../request-body.ts';

/** In bytes. */
const longest = 64 * 1024;

/** Rejects with an AdministrationError `invalid`. */
export async function readJson(ctx: Context, idleTimeout: number): Promise<unknown> {
  // A page of others can send a form without asking, but no JSON.
  if (ctx.is('application/json') === false) {
    throw new AdministrationError('invalid', 'the Content-Type must be application/json');
  }
  const tooLong = new AdministrationError('invalid', `the body must have at most ${longest} bytes`);
  if ((bodyLength(ctx) ?? 0) > longest) throw tooLong;
  const text = await withBody(ctx, idleTimeout, async (body, signal) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const abort = (): void => {
      body.destroy(signal.reason instanceof Error ? signal.reason : undefined);
    };
    signal.addEventListener('abort', abort);
    try {
      for await (const chunk of body.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > longest) throw tooLong;
        chunks.push(chunk);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return Buffer.concat(chunks).toString();
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The error has a part of the text in it, which may be a password.
    if (error instanceof SyntaxError) {
      throw new AdministrationError('invalid', 'the body must be JSON');
    }
    throw error;
  }
}
