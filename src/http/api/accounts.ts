/** Accounts that people make by themselves: the first admin with the code, and others where sign-up is on. */
import type Router from '@koa/router';
import {z} from 'zod';
import {AdministrationError, inputFaults} from '../../auth/administration/administration-error.ts';
import {email, password, userName} from '../../auth/administration/fields.ts';
import type {FirstAdmin, SetupRefusal} from '../../auth/first-admin.ts';
import type {Logins} from '../../auth/login.ts';
import type {SignUp} from '../../auth/sign-up.ts';
import type {Handler, State} from '../context.ts';
import {requestSignal} from '../request-signal.ts';
import {readJson} from './json-body.ts';

interface Accounts {
  readonly firstAdmin: FirstAdmin;
  readonly logins: Pick<Logins, 'login'>;
  readonly signUp: SignUp;
}

interface AccountRoutes extends Accounts {
  readonly idleTimeout: number;
}

export function addAccountRoutes(
  router: Router<State>,
  accounts: Accounts,
  idleTimeout: number,
): void {
  const options = {...accounts, idleTimeout};
  router.post('setup', '/api/v1/setup', setup(options));
  router.post('sign-up', '/api/v1/users', register(options));
}

const setupInput = z.strictObject({
  code: z.string('must be text').max(100, 'is too long').optional(),
  username: userName,
  password,
});

/** Whoever can log in, by whichever provider, becomes the admin himself; for anybody else an account is made. */
function setup({firstAdmin, logins, idleTimeout}: AccountRoutes): Handler {
  return async (ctx) => {
    const given = parse(setupInput, await readJson(ctx, idleTimeout));
    if (await firstAdmin.isOver()) throw refused({outcome: 'over'});
    const {code, username: name, password: text} = given;
    const {address} = ctx.state.client;
    const attempt = {code, address};
    const login = await logins.login({username: name, password: text, address}, requestSignal(ctx));
    const outcome =
      login.outcome === 'accepted'
        ? await firstAdmin.claim(attempt, login.account)
        : await firstAdmin.create(attempt, {name, password: text});
    if (outcome !== 'done' && outcome.outcome !== 'done') {
      if (outcome.outcome === 'limited') ctx.set('Retry-After', String(outcome.retryAfter));
      throw refused(outcome);
    }
    ctx.status = 201;
    ctx.body = {
      username: login.outcome === 'accepted' ? login.account.name : name,
      isAdmin: true,
    };
  };
}

function refused({outcome}: SetupRefusal): AdministrationError {
  switch (outcome) {
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

const signUpInput = z.strictObject({username: userName, password, email: email.optional()});

function register({signUp, idleTimeout}: AccountRoutes): Handler {
  return async (ctx) => {
    if (!signUp.isOn) {
      throw new AdministrationError('off', 'accounts are made by the admin here');
    }
    const {username: name, ...rest} = parse(signUpInput, await readJson(ctx, idleTimeout));
    const made = await signUp.create({name, ...rest}, ctx.state.client.address);
    if (made === 'taken') throw new AdministrationError('taken', 'this name is taken');
    if (made.outcome === 'limited') {
      ctx.set('Retry-After', String(made.retryAfter));
      throw new AdministrationError('limited', 'too many accounts were made from there; try later');
    }
    ctx.status = 201;
    ctx.body = {username: made.user.name, isAdmin: made.user.isAdmin};
  };
}

/** Throws an AdministrationError `invalid`. */
export function parse<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AdministrationError('invalid', inputFaults(parsed.error));
}
