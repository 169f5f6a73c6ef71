/** Sign-ins with a browser: where somebody has signed in, and their end. */
import {z} from 'zod';
import {
  endUserSession,
  endUserSessions,
  listUserSessions,
} from '../../../auth/administration/sessions.ts';
import type {Asker} from '../asker.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, idText, time} from '../fields.ts';
import {findUserFor} from '../find-user.ts';
import {flag} from '../pages.ts';
import type {PeopleOptions} from '../people.ts';

const byUser = idParam('The id or the name of the account.');
const whose = 'People have their own, and admins all.';

const sessionAnswer = z
  .strictObject({
    id: z.string(),
    created_at: time,
    last_seen_at: time.describe('Within a minute.'),
    expires_at: time,
    address: z.string().nullable().describe('From where it was begun.'),
    user_agent: z.string().nullable().describe('What the browser said of itself, shortened.'),
    is_remembered: z.boolean().describe('The browser keeps it when it is closed.'),
    is_current: z.boolean().describe('It is that of whoever asks.'),
  })
  .meta({id: 'UserSession', description: 'A sign-in with a browser.'});

const endedAnswer = z.strictObject({ended: z.number().int().describe('How many.')});

export const sessions = ({signIn, context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'sessions-list',
    method: 'get',
    path: '/users/:id/sessions',
    summary: 'List where somebody has signed in',
    description: 'All that count, 100 at most; the one that was used last comes first.',
    who: 'person',
    rule: whose,
    params: byUser,
    answers: {200: {description: 'All of them.', schema: z.array(sessionAnswer)}},
    handle: async ({asker, params}) => {
      const {name: user} = await findUserFor(context.db, asker, params.id);
      const found = await listUserSessions.perform(context, accountOf(asker), {user});
      return {status: 200, body: found.sessions.map((each) => present(each, asker))};
    },
  }),
  endpoint({
    name: 'sessions-end-all',
    method: 'delete',
    path: '/users/:id/sessions',
    summary: 'Sign somebody out everywhere',
    description: 'Of browsers; what docker and others have logged in with goes on.',
    who: 'person',
    rule: whose,
    params: byUser,
    query: z.strictObject({
      others: flag
        .optional()
        .meta({type: 'boolean', description: 'Without the session of whoever asks.'}),
    }),
    answers: {200: {description: 'They count no more.', schema: endedAnswer}},
    handle: async ({ctx, asker, params, query: {others = false}}) => {
      const {id, name: user} = await findUserFor(context.db, asker, params.id);
      const {session} = asker;
      const except = others ? session?.id : undefined;
      const done = await endUserSessions.perform(context, accountOf(asker), {user, except});
      if (session?.user.id === id && !others) signIn.cookies.clear(ctx, 'session');
      return {status: 200, body: done};
    },
  }),
  endpoint({
    name: 'sessions-end',
    method: 'delete',
    path: '/users/:id/sessions/:session_id',
    summary: 'End one sign-in of somebody',
    who: 'person',
    rule: whose,
    params: byUser.extend({session_id: idText.describe('The id of the sign-in.')}),
    answers: {204: {description: 'It counts no more.'}},
    handle: async ({ctx, asker, params: {id, session_id: session}}) => {
      const {name: user} = await findUserFor(context.db, asker, id);
      await endUserSession.perform(context, accountOf(asker), {user, id: session});
      if (asker.session?.id === session) signIn.cookies.clear(ctx, 'session');
      return {status: 204};
    },
  }),
];

const present = (
  {
    id,
    createdAt,
    lastUsedAt,
    expiresAt,
    address,
    userAgent,
    isRemembered,
  }: z.output<typeof listUserSessions.output>['sessions'][number],
  {session}: Asker,
): z.output<typeof sessionAnswer> => ({
  id,
  created_at: createdAt,
  last_seen_at: lastUsedAt,
  expires_at: expiresAt,
  address: address ?? null,
  user_agent: userAgent ?? null,
  is_remembered: isRemembered,
  is_current: session?.id === id,
});
