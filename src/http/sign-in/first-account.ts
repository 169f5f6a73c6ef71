/** The first account, made with a browser: it is the admin. */
import {z} from 'zod';
import {password, userName} from '../../auth/administration/fields.ts';
import type {SetupRefusal} from '../../auth/first-admin.ts';
import type {Context, Handler} from '../context.ts';
import {becomeAdmin} from './become-admin.ts';
import {beginSession, readForm, type SignInOptions} from './context.ts';
import {loginOfPerson} from './password.ts';
import {goTo} from './place.ts';
import {showSignIn} from './sign-in-page.ts';

const input = z.object({name: userName, password});

/** As POST to /api/v1/setup does it. */
export function makeFirstAccount(options: SignInOptions): Handler {
  const {firstAdmin} = options.accounts;
  return async (ctx) => {
    const form = await readForm(ctx, options);
    const username = form.get('username') ?? '';
    const given = {username, password: form.get('password') ?? ''};
    const refuse = async (status: number, problem: string): Promise<void> =>
      showSignIn(ctx, options, {status, problem, firstName: username});
    if (await firstAdmin.isOver()) return refuse(403, problemOf({outcome: 'over'}));
    const parsed = input.safeParse({name: username, password: given.password});
    if (!parsed.success) {
      const told = parsed.error.issues.map(({path, message}) => `The ${path.join()} ${message}.`);
      return refuse(400, told.join(' '));
    }
    const code = form.get('code') ?? undefined;
    const made = await becomeAdmin(ctx, options, {...parsed.data, code});
    if (made.outcome === 'done') return begin(ctx, options, given);
    const isLimited = made.outcome === 'limited';
    if (isLimited) ctx.set('Retry-After', String(made.retryAfter));
    return refuse(isLimited ? 429 : 403, problemOf(made));
  };
}

/** Anew: what is known of the account was of before it was the admin's. */
async function begin(
  ctx: Context,
  options: SignInOptions,
  given: Parameters<typeof loginOfPerson>[2],
): Promise<void> {
  const login = await loginOfPerson(ctx, options, given);
  if (!('outcome' in login)) await beginSession(ctx, options, login);
  goTo(ctx, '/signed-in');
}

/** As the person is told. */
export function problemOf({outcome}: SetupRefusal): string {
  switch (outcome) {
    case 'over':
      return 'There is an admin already.';
    case 'limited':
      return 'Too many wrong codes. Try later.';
    case 'taken':
      return 'This name is taken. Choose another one, or give the password of that account.';
    case 'wrong-code':
      return 'This is not the code that the start of the server printed.';
  }
}
