/** Somebody who has signed in changes his own password: with the one he has, as often as he may guess it elsewhere. */
import {password as newPassword} from '../../auth/administration/fields.ts';
import {setOwnPassword} from '../../auth/own-password.ts';
import type {Handler} from '../context.ts';
import {loginRefused} from '../login-refused.ts';
import {renewSession, type SignInOptions} from './context.ts';
import {loginOfPerson, sentenceOf} from './password.ts';
import {hasOwnPassword, showSignedIn} from './signed-in-page.ts';
import {formOf} from './token-forms.ts';

export const changePassword = (options: SignInOptions): Handler =>
  formOf(options, async (ctx, form, session) => {
    const refuse = async (status: number, problem: string): Promise<void> =>
      showSignedIn(ctx, options, session, {status, problem});
    const {name} = session.user;
    if (!hasOwnPassword(session)) {
      return refuse(400, 'Your password is not kept here: change it where you log in with it.');
    }
    const given = newPassword.safeParse(form.get('password') ?? '');
    if (!given.success) {
      const told = given.error.issues.map(({message}) => `The new password ${message}.`);
      return refuse(400, told.join(' '));
    }
    if (form.get('again') !== given.data) {
      return refuse(400, 'The new password and its repetition differ.');
    }
    const former = form.get('former') ?? '';
    const login = await loginOfPerson(ctx, options, {username: name, password: former});
    if ('outcome' in login) {
      const {'Retry-After': retryAfter} = loginRefused(login, '').headers;
      if (retryAfter === undefined) return refuse(403, 'Your present password is not right.');
      ctx.set('Retry-After', retryAfter);
      return refuse(429, sentenceOf(login));
    }
    const {context} = options.accounts;
    // Another source of accounts may know somebody else by this name.
    const isOwn = login.id === session.account.id;
    if (!isOwn || !(await setOwnPassword(context, login, given.data))) {
      return refuse(400, 'Your account was changed meanwhile. Nothing was done: try again.');
    }
    ctx.state.log.info({username: name}, 'password changed by its owner');
    await renewSession(ctx, options, session);
    const done =
      'Your password is changed, and all that was signed in or logged in before is not any more.';
    return showSignedIn(ctx, options, session, {done});
  });
