/** The account that somebody with the code makes by himself: the first admin. */
import {z} from 'zod';
import {AdministrationError} from '../../auth/administration/administration-error.ts';
import {password, userName} from '../../auth/administration/fields.ts';
import type {SetupRefusal} from '../../auth/first-admin.ts';
import type {Context} from '../context.ts';
import {becomeAdmin} from '../sign-in/become-admin.ts';
import type {SignInOptions} from '../sign-in/context.ts';
import {endpoint, type Endpoint} from './endpoint.ts';

const setupInput = z.strictObject({
  code: z.string('must be text').max(100, 'is too long').optional(),
  username: userName,
  password,
});

export const setup = (options: SignInOptions): Endpoint =>
  endpoint({
    name: 'setup',
    method: 'post',
    path: '/setup',
    summary: 'Become the first admin',
    description:
      'Whoever can log in, by whichever provider, becomes the admin himself; for anybody else an account is made.',
    who: 'everybody',
    rule: 'With the code that the start has printed, where admin.firstLogin is code.',
    canBeOff: true,
    logsIn: true,
    body: setupInput,
    answers: {
      201: {
        description: 'There is an admin now.',
        schema: z.strictObject({username: z.string(), isAdmin: z.literal(true)}),
      },
    },
    handle: async ({ctx, body: {code, username: name, password: text}}) => {
      const made = await becomeAdmin(ctx, options, {code, name, password: text});
      if (made.outcome !== 'done') throw firstAdminRefused(ctx, made);
      return {status: 201, body: {username: made.username, isAdmin: true}};
    },
  });

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
