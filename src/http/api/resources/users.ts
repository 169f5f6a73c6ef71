/** People and robots: listed and shown. */
import {z} from 'zod';
import {listMembershipsOf} from '../../../metadata/memberships.ts';
import {pageOfUsers, searchAccountNames} from '../../../metadata/user-pages.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {findShownUser} from '../find-user.ts';
import {flag, pageQuery, pageReply, toPage} from '../pages.ts';
import {
  presentUser,
  presentUsers,
  userAnswer,
  userSight,
  wholeUserAnswer,
} from '../present-user.ts';
import {accountOf, idParam} from '../fields.ts';
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

const mostNames = 20;

const accountNameAnswer = z
  .strictObject({id: z.string(), username: z.string(), display_name: z.string().nullable()})
  .meta({id: 'AccountName', description: 'What a person is called.'});

/** Whoever may take somebody into a team has to know what he is called. */
async function requireManager({db, config}: PeopleOptions['context'], asker: Asker): Promise<void> {
  const {id, isAdmin} = accountOf(asker);
  if (isAdmin) return;
  const memberships = config.permissions.manageTeams ? await listMembershipsOf(db, id) : [];
  if (memberships.some(({role, isPersonal}) => role === 'owner' && !isPersonal)) return;
  throw new ApiError('denied', 'only owners of a team may look for people, and admins');
}

export const showingUsers = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'users-list',
    method: 'get',
    path: '/users',
    summary: 'List all accounts',
    who: 'admin',
    query: pageQuery(orders).extend({
      name: z
        .string()
        .min(1)
        .max(255)
        .optional()
        .describe('Somewhere in the name, the name that people read, or the e-mail.'),
      bot: flag.optional().meta({type: 'boolean', description: 'Robots alone, or people alone.'}),
    }),
    answers: {200: {description: 'A page of them.', schema: z.array(userAnswer)}},
    handle: async ({ctx, asker, query}) => {
      const wanted = {...toPage(query), isRobot: query.bot, text: query.name};
      const {items, total} = await pageOfUsers(context.db, wanted);
      return pageReply(ctx, query, {
        items: await presentUsers(userSight(context, asker), items),
        total,
      });
    },
  }),
  endpoint({
    name: 'users-names',
    method: 'get',
    path: '/users/names',
    summary: 'Find names of people, to take them into a team',
    description: `Up to ${mostNames}, those that begin with the text first; of accounts that are enabled.`,
    who: 'person',
    rule: 'Admins, and owners of a team that is not their personal one, where `permissions.manageTeams` lets owners.',
    query: z.strictObject({
      q: z.string().min(2).max(255).describe('Somewhere in the name; two signs at least.'),
    }),
    answers: {200: {description: 'They.', schema: z.array(accountNameAnswer)}},
    handle: async ({asker, query}) => {
      await requireManager(context, asker);
      const found = await searchAccountNames(context.db, {text: query.q, limit: mostNames});
      const body = found.map(({id, name, displayName = null}) => ({
        id,
        username: name,
        display_name: displayName,
      }));
      return {status: 200, body};
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
      return {status: 200, body: await presentUser(userSight(context, asker), name)};
    },
  }),
];
