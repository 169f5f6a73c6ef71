/** The first admin, with a token for the next request: as Portus lets a script make it. */
import {z} from 'zod';
import {accountOf as ownAccountOf} from '../../../auth/account-source.ts';
import {createToken} from '../../../auth/administration/application-tokens.ts';
import {email, line, password, userName} from '../../../auth/administration/fields.ts';
import {changeProfile} from '../../../auth/administration/profile.ts';
import {firstAdminRefused} from '../setup.ts';
import {ApiError} from '../api-error.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {judgedBy} from '../fields.ts';
import {originOf} from '../../activity-origin.ts';
import type {PeopleOptions} from '../people.ts';

export const bootstrap = ({signIn, context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'users-bootstrap',
    method: 'post',
    path: '/users/bootstrap',
    summary: 'Make the first admin',
    description:
      'As long as there has been no admin; after that 405. Where admin.firstLogin is code, `code` must be that which the start printed.',
    who: 'anonymous',
    canBeOff: true,
    wrapper: 'user',
    body: z.strictObject({
      username: judgedBy(userName),
      password,
      email: judgedBy(email).optional(),
      display_name: judgedBy(line(128)).optional(),
      code: z.string().max(100, 'is too long').optional(),
    }),
    answers: {
      201: {
        description: 'There is an admin now, with this application token.',
        schema: z.strictObject({plain_token: z.string()}),
      },
    },
    handle: async ({ctx, asker, body}) => {
      const {firstAdmin} = signIn.accounts;
      if (await firstAdmin.isOver()) throw firstAdminRefused(ctx, {outcome: 'over'});
      if (asker.caller.kind === 'account') {
        throw new ApiError('denied', 'who has an account uses POST /api/v1/setup');
      }
      const name = userName.parse(body.username);
      const attempt = {code: body.code, origin: originOf(ctx, {kind: 'setup-code'})};
      const made = await firstAdmin.create(attempt, {name, password: body.password});
      if (made.outcome !== 'done') throw firstAdminRefused(ctx, made);
      const {display_name: displayName, email: address} = body;
      const actor = {...ownAccountOf(made.user), origin: attempt.origin};
      await changeProfile.perform(context, actor, {name, displayName, email: address});
      const input = {user: name, name: 'bootstrap'};
      const {token} = await createToken.perform(context, actor, input);
      return {status: 201, body: {plain_token: token}};
    },
  }),
];
