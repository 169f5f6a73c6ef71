/** What parameters and bodies of the API have in common. */
import {z} from 'zod';
import type {Origin} from '../../auth/activities/origin.ts';
import type {Account} from '../../auth/caller.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';

export const idText = z.string().min(1).max(256);

export const idParam = (description: string) => z.strictObject({id: idText.describe(description)});

/** Text that an operation parses, judged as it does, and left as it is. */
export const judgedBy = (schema: z.ZodType) =>
  z.string('must be text').superRefine((text, context) => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return;
    for (const {message} of parsed.error.issues) context.addIssue({code: 'custom', message});
  });

/** For endpoints that ask for an account. */
export function accountOf({
  caller,
  origin,
}: Asker): Account & {readonly origin?: Origin | undefined} {
  if (caller.kind === 'account') return {...caller, origin};
  throw new ApiError('unauthorized', 'log in first');
}

export const unknown = (what: string): ApiError =>
  new ApiError('unknown', `there is no such ${what}, or you may not see it`);

export const time = z.iso.datetime();

export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const timeOrNull = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : timeText(milliseconds);
