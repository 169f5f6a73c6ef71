/** The body of a request to the API: JSON, and little of it. */
import type {Context} from '../context.ts';
import {readBody} from '../request-body.ts';
import {ApiError} from './api-error.ts';

/** In bytes: what has 32,768 signs may have six bytes for each. */
const longest = 256 * 1024;

/** Rejects with an ApiError. */
export async function readJson(ctx: Context, idleTimeout: number): Promise<unknown> {
  // A page of others can send a form without asking, but no JSON.
  if (ctx.is('application/json') === false) {
    throw new ApiError('not-json', 'the Content-Type must be application/json');
  }
  const tooLarge = new ApiError('too-large', `the body must have at most ${longest} bytes`);
  const limits = {maxBytes: longest, idleTimeout, tooLarge, isFromStranger: true};
  const text = (await readBody(ctx, limits)).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The error has a part of the text in it, which may be a password.
    if (error instanceof SyntaxError) {
      throw new ApiError('bad-request', 'the body must be JSON');
    }
    throw error;
  }
}
