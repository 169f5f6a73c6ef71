/** Edits what is as the client has seen it, or not at all: all of the change, or nothing of it. */
import type {AdministrationContext} from '../../auth/administration/context.ts';
import {changing} from '../../metadata/revisions.ts';
import type {Context} from '../context.ts';
import {ApiError} from './api-error.ts';
import {isExpected} from './etag.ts';

interface Edit {
  /** As the client would get it now; throws an ApiError where it is not there. */
  readonly current: (context: AdministrationContext) => Promise<object>;
  readonly change: (context: AdministrationContext) => Promise<unknown>;
}

/** Both in one transaction, on the context that they are given; what `current` is thereafter. Rejects with an ApiError `changed`. */
export async function edit(
  ctx: Context,
  context: AdministrationContext,
  {current, change}: Edit,
): Promise<object> {
  const edited = await changing(context.db, async (turn) => {
    const within = {...context, db: turn};
    const before = await current(within);
    requireExpected(ctx, before);
    await change(within);
    return current(within);
  });
  // What was forgotten within the transaction may have been read again before its end.
  context.onChange();
  return edited;
}

/** Throws an ApiError `changed` where it is not what the client has seen, and says so. */
export function requireExpected(ctx: Context, before: object): void {
  if (!isExpected(ctx, before)) throw changed();
}

export const changed = (): ApiError =>
  new ApiError(
    'changed',
    'it was changed meanwhile: read it again, and send what you want of it now',
  );
