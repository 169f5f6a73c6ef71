/** Where people sign in: with another provider, or with name and password. */
import type {Context} from '../context.ts';
import type {SignInOptions} from './context.ts';
import {firstAccountForm} from './first-admin-form.ts';
import {html} from './html.ts';
import {showPage} from './page.ts';
import {here} from './place.ts';

interface Told {
  readonly status?: number;
  /** Why it did not work the last time. */
  readonly problem?: string;
  readonly username?: string;
  /** The same of the first account. */
  readonly firstName?: string;
}

export async function showSignIn(
  ctx: Context,
  {accounts, asksForCode}: Pick<SignInOptions, 'accounts' | 'asksForCode'>,
  {status = 200, problem, username = '', firstName = ''}: Told = {},
): Promise<void> {
  const {providers} = accounts.redirectLogins;
  const buttons = providers.map(
    ({id, displayName}) =>
      html`<a class="button" href="${here(ctx, `/auth/oidc/${id}`)}"
        >Sign in with ${displayName}</a
      >`,
  );
  const others =
    buttons.length === 0
      ? undefined
      : html`<section aria-label="Other providers">${buttons}</section>`;
  const first = (await accounts.firstAdmin.isOver())
    ? undefined
    : firstAccountForm(ctx, {asksForCode}, firstName);
  const told = problem === undefined ? undefined : html`<p class="bad" role="alert">${problem}</p>`;
  const content = html`<h1>Sign in</h1>
    ${told} ${first} ${others}
    <section>
      <h2>With name and password</h2>
      <form method="post" action="${here(ctx, '/sign-in')}">
        <label for="username">Name</label>
        <input
          type="text"
          id="username"
          name="username"
          value="${username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          maxlength="255"
        />
        <label for="password">Password</label>
        <input
          type="password"
          id="password"
          name="password"
          autocomplete="current-password"
          required
        />
        <button>Sign in</button>
      </form>
    </section>`;
  showPage(ctx, {status, title: 'Sign in', content});
}
