/** What somebody looks for among activities, as he says it. */
import {z} from 'zod';
import type {ActivityFilter} from '../../metadata/activity-pages.ts';

const word = z.string().min(1).max(255);
const time = z.iso.datetime({
  offset: true,
  error: 'must be a time of ISO 8601, as 2026-11-27T00:00:00Z',
});

/** All optional: each that is given narrows the list. */
export const filterFields = {
  actor: word.optional().describe('Who did it, by name.'),
  key: word.optional().describe('What was done: `team.create`, or `team` for all of it.'),
  namespace: word.optional().describe('In it or below it; `/`: that of names without a slash.'),
  repository: word.optional().describe('By its whole name.'),
  subject: word.optional().describe('To what it was done, by name.'),
  from: time.optional().describe('Not before that time.'),
  to: time.optional().describe('Before that time.'),
  outcome: z
    .enum(['done', 'denied', 'failed'], 'must be done, denied or failed')
    .optional()
    .describe('What came of it.'),
  address: word.max(64).optional().describe('Of the client; others than admins find their own.'),
};

export function toFilter({
  key,
  namespace,
  from,
  to,
  ...rest
}: z.output<z.ZodObject<typeof filterFields>>): ActivityFilter {
  return {
    ...rest,
    key: key?.replace(/[.*]+$/, ''),
    namespace: namespace === '/' ? '' : namespace,
    from: from === undefined ? undefined : Date.parse(from),
    before: to === undefined ? undefined : Date.parse(to),
  };
}
