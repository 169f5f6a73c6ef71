/** Forms of somebody who has signed in: application tokens of his own, and the code that makes the first admin. */
import {createToken, deleteToken} from '../../auth/administration/application-tokens.ts';
import {AdministrationError} from '../../auth/administration/administration-error.ts';
import type {WebSession} from '../../auth/sessions.ts';
import type {Context, Handler} from '../context.ts';
import {readForm, renewSession, sessionOf, type SignInOptions} from './context.ts';
import {problemOf} from './first-account.ts';
import {goTo} from './place.ts';
import {sentence} from './sentence.ts';
import {showSignedIn} from './signed-in-page.ts';

type Work = (ctx: Context, form: URLSearchParams, session: WebSession) => Promise<void>;

/** The form of a page of ours, of somebody who has signed in; what can't be done is told on the page. */
function formOf(options: SignInOptions, work: Work): Handler {
  return async (ctx) => {
    const form = await readForm(ctx, options);
    const session = await sessionOf(ctx, options);
    if (!session) {
      goTo(ctx, '/sign-in');
      return;
    }
    try {
      await work(ctx, form, session);
    } catch (error) {
      if (!(error instanceof AdministrationError)) throw error;
      const problem = sentence(error.message, session.user.name);
      await showSignedIn(ctx, options, session, {status: 400, problem});
    }
  };
}

export const makeToken = (options: SignInOptions): Handler =>
  formOf(options, async (ctx, form, session) => {
    const {context} = options.accounts;
    const expires = form.get('expires') ?? '';
    const {name, token} = await createToken.perform(context, session.account, {
      user: session.user.name,
      name: form.get('name')?.trim(),
      isPullOnly: form.get('pull-only') === 'yes',
      ...(expires === 'never' ? {} : {expiresIn: expires}),
    });
    ctx.state.log.info({username: session.user.name, token: name}, 'application token made');
    await showSignedIn(ctx, options, session, {token: {name, text: token}});
  });

export const revokeToken = (options: SignInOptions): Handler =>
  formOf(options, async (ctx, form, session) => {
    const {context} = options.accounts;
    const user = session.user.name;
    const {name} = await deleteToken.perform(context, session.account, {
      user,
      name: form.get('name'),
    });
    ctx.state.log.info({username: user, token: name}, 'application token revoked');
    // It has ended what was issued to him before, this session too.
    await renewSession(ctx, options, session);
    await showSignedIn(ctx, options, session, {done: `The token ${name} is revoked.`});
  });

export const becomeAdmin = (options: SignInOptions): Handler =>
  formOf(options, async (ctx, form, session) => {
    const {firstAdmin} = options.accounts;
    const {address} = ctx.state.client;
    const code = form.get('code') ?? undefined;
    const outcome = await firstAdmin.claim({code, address}, session.user);
    if (outcome !== 'done') {
      const problem = problemOf(outcome);
      await showSignedIn(ctx, options, session, {status: 403, problem});
      return;
    }
    await renewSession(ctx, options, session);
    goTo(ctx, '/signed-in');
  });
