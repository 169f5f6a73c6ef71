/** People and robots: listed and shown. */
import {z} from 'zod';
import {pageOfUsers} from '../../../metadata/user-pages.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {findShownUser} from '../find-user.ts';
import {flag, pageQuery, pageReply, toPage} from '../pages.ts';
import {presentUser, presentUsers, userAnswer, wholeUserAnswer} from '../present-user.ts';
import {idParam} from '../fields.ts';
import type {PeopleOptions} from '../people.ts';

const orders = [
  'username',
  'id',
  'email',
  'display_name',
  'admin',
  'enabled',
  'created_at',
  'updated_at',
  'last_sign_in_at',
] as const;

export const showingUsers = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'users-list',
    method: 'get',
    path: '/users',
    summary: 'List all accounts',
    who: 'admin',
    query: pageQuery(orders).extend({
      bot: flag.optional().meta({type: 'boolean', description: 'Robots alone, or people alone.'}),
    }),
    answers: {200: {description: 'A page of them.', schema: z.array(userAnswer)}},
    handle: async ({ctx, query}) => {
      const {items, total} = await pageOfUsers(context.db, {...toPage(query), isRobot: query.bot});
      return pageReply(ctx, query, {items: await presentUsers(context.db, items), total});
    },
  }),
  endpoint({
    name: 'users-show',
    method: 'get',
    path: '/users/:id',
    summary: 'Show an account',
    who: 'account',
    rule: 'Admins see everybody, others themselves.',
    params: idParam('The id, the name or the e-mail of the account.'),
    edits: true,
    answers: {200: {description: 'The account.', schema: wholeUserAnswer}},
    handle: async ({asker, params}) => {
      const {name} = await findShownUser(context.db, asker, params.id);
      return {status: 200, body: await presentUser(context.db, name)};
    },
  }),
];
