/** Answers without a body. */
import type {Context} from './context.ts';

export function answerEmpty(
  ctx: Context,
  status: number,
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  ctx.body = null;
  ctx.status = status;
  ctx.set(headers);
}
