/** The account that somebody with the code makes by himself: the first admin. */
import {z} from 'zod';
import {AdministrationError} from '../../auth/administration/administration-error.ts';
import {password, userName} from '../../auth/administration/fields.ts';
import type {SetupRefusal} from '../../auth/first-admin.ts';
import {originOf} from '../activity-origin.ts';
import type {Context} from '../context.ts';
import {becomeAdmin} from '../sign-in/become-admin.ts';
import {renewSession, type SignInOptions} from '../sign-in/context.ts';
import {ApiError} from './api-error.ts';
import {endpoint, type Endpoint} from './endpoint.ts';
import {accountOf} from './fields.ts';

const code = z.string('must be text').max(100, 'is too long').optional();
const setupInput = z.strictObject({
  code,
  username: userName,
  password,
});

const done = {
  201: {
    description: 'There is an admin now.',
    schema: z.strictObject({username: z.string(), isAdmin: z.literal(true)}),
  },
};
const rule = 'With the code that the start has printed, where admin.firstLogin is code.';

export const setup = (options: SignInOptions): readonly Endpoint[] => [
  endpoint({
    name: 'setup',
    method: 'post',
    path: '/setup',
    summary: 'Become the first admin',
    description:
      'Whoever can log in, by whichever provider, becomes the admin himself; for anybody else an account is made.',
    who: 'everybody',
    rule,
    canBeOff: true,
    logsIn: true,
    body: setupInput,
    answers: done,
    handle: async ({ctx, body: {code: given, username: name, password: text}}) => {
      const made = await becomeAdmin(ctx, options, {code: given, name, password: text});
      if (made.outcome !== 'done') throw firstAdminRefused(ctx, made);
      return {status: 201, body: {username: made.username, isAdmin: true}};
    },
  }),
  endpoint({
    name: 'setup-claim',
    method: 'post',
    path: '/setup/claim',
    summary: 'Become the first admin, as who has signed in',
    description: 'For people of other providers, who have no password here.',
    who: 'person',
    rule,
    canBeOff: true,
    body: z.strictObject({code}),
    answers: done,
    handle: async ({ctx, asker, body: {code: given}}) => {
      const {firstAdmin} = options.accounts;
      if (await firstAdmin.isOver()) throw firstAdminRefused(ctx, {outcome: 'over'});
      const {session} = asker;
      // What docker and scripts log in with makes no admin.
      if (!session) throw new ApiError('denied', 'sign in with a browser, or use POST /setup');
      const {id, name} = accountOf(asker);
      const attempt = {code: given, origin: originOf(ctx, {kind: 'session'})};
      const outcome = await firstAdmin.claim(attempt, {id, name});
      if (outcome !== 'done') throw firstAdminRefused(ctx, outcome);
      await renewSession(ctx, options, session);
      return {status: 201, body: {username: name, isAdmin: true}};
    },
  }),
];

/** Says when to come again, where that helps. */
export function firstAdminRefused(ctx: Context, refusal: SetupRefusal): AdministrationError {
  if (refusal.outcome === 'limited') ctx.set('Retry-After', String(refusal.retryAfter));
  switch (refusal.outcome) {
    case 'over':
      return new AdministrationError('off', 'there is an admin already');
    case 'wrong-code':
      return new AdministrationError('denied', 'this is not the code that the start printed');
    case 'limited':
      return new AdministrationError('limited', 'too many wrong codes; try later');
    case 'taken':
      return new AdministrationError('taken', 'this name is taken');
  }
}
