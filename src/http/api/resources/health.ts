/** Whether each part works. */
import {z} from 'zod';
import type {AskReadiness} from '../../health.ts';
import {endpoint, type Resource} from '../endpoint.ts';

const partAnswer = z.strictObject({
  msg: z.string().describe('What was found.'),
  success: z.boolean(),
  status: z
    .enum(['ok', 'degraded', 'failed'])
    .describe('degraded: it does not, and the rest works without it.'),
});

const healthAnswer = z
  .record(z.string(), partAnswer)
  .meta({id: 'Health', description: 'By the name of the part: storage, database, ldap ...'});

export const healthResource = (ask: AskReadiness): Resource => ({
  name: 'health',
  description: 'Whether the registry works.',
  endpoints: [
    endpoint({
      name: 'api-health',
      method: 'get',
      path: '/health',
      summary: 'Tell of each part whether it works',
      who: 'everybody',
      answers: {
        200: {description: 'All that is needed works.', schema: healthAnswer},
        503: {description: 'Something that is needed does not.', schema: healthAnswer},
      },
      handle: async ({ctx}) => {
        const {isReady, results} = await ask(ctx);
        const parts = results.map(({name, status, message}) => [
          nameOf(name),
          {msg: message, success: status === 'ok', status},
        ]);
        return {status: isReady ? 200 : 503, body: Object.fromEntries(parts)};
      },
    }),
  ],
});

/** As clients of Portus call them. */
const nameOf = (check: string): string =>
  check === 'accounts' ? 'database' : check.replace(/^provider /, '');
