/** Why somebody may pull, push or delete, or may not. */
import {z} from 'zod';
import {explainAccess, explainOwnAccess} from '../../../auth/administration/explain.ts';
import {namespaceName, userName} from '../../../auth/administration/fields.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, judgedBy} from '../fields.ts';
import type {PeopleOptions} from '../people.ts';
import {ApiError} from '../api-error.ts';

const explanation = z
  .strictObject({
    allowed: z.boolean(),
    explanation: z.string().describe('A sentence.'),
    rule: z.string().nullable().describe('The word for what decided; for admins.'),
    namespace: z.string().nullable().describe('For admins, as the rest.'),
    visibility: z.string().nullable(),
    team: z.string().nullable(),
    role: z.string().nullable(),
    needs: z.string().nullable().describe('The role that would do.'),
    advice: z.string().nullable().describe('What would change it.'),
  })
  .meta({id: 'Explanation', description: 'Why somebody may do something, or may not.'});

export const explain = ({context}: PeopleOptions): Endpoint =>
  endpoint({
    name: 'explain',
    method: 'get',
    path: '/explain',
    summary: 'Tell why somebody may pull from a repository, push to it or delete in it, or may not',
    who: 'person',
    rule: 'Admins ask about everybody, others about themselves, and are told no more than a push would tell them.',
    looksUp: true,
    query: z.strictObject({
      repository: judgedBy(namespaceName).describe('Its name; it need not be there.'),
      action: z.enum(['pull', 'push', 'delete'], 'must be one of pull, push, delete'),
      user: judgedBy(userName).optional().describe('Whoever asks, unless given.'),
      anonymous: z.literal('true').optional().describe('true: a caller without an account.'),
    }),
    answers: {200: {description: 'Why.', schema: explanation}},
    handle: async ({asker, query: {repository, action, user, anonymous}}) => {
      const account = accountOf(asker);
      if (!account.isAdmin) {
        if (anonymous !== undefined || (user !== undefined && user !== account.name)) {
          throw new ApiError('denied', 'only an admin may ask about others');
        }
        const own = await explainOwnAccess.perform(context, account, {repository, action});
        return {status: 200, body: {...nothingMore, ...own}};
      }
      const whose = anonymous === undefined ? (user ?? account.name) : undefined;
      const found = await explainAccess.perform(context, account, {
        user: whose,
        repository,
        action,
      });
      const {allowed, explanation: sentence, rule, namespace, visibility, team, role} = found;
      return {
        status: 200,
        body: {
          allowed,
          explanation: sentence,
          rule,
          namespace: namespace ?? null,
          visibility: visibility ?? null,
          team: team ?? null,
          role: role ?? null,
          needs: found.needs ?? null,
          advice: found.advice ?? null,
        },
      };
    },
  });

const nothingMore = {
  rule: null,
  namespace: null,
  visibility: null,
  team: null,
  role: null,
  needs: null,
  advice: null,
};
