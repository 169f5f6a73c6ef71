/** `GET /v2/`: yes, this is a registry. */
import type {Handler} from '../context.ts';

export const base: Handler = (ctx) => {
  ctx.body = {};
};
