/** Where people sign in: with another provider, or with name and password. */
import type {Context} from '../context.ts';
import type {SignInOptions} from './context.ts';
import {html} from './html.ts';
import {showPage} from './page.ts';
import {here} from './place.ts';

interface Told {
  readonly status?: number;
  /** Why it did not work the last time. */
  readonly problem?: string;
  readonly username?: string;
}

export function showSignIn(
  ctx: Context,
  {accounts}: Pick<SignInOptions, 'accounts'>,
  {status = 200, problem, username = ''}: Told = {},
): void {
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
  const told = problem === undefined ? undefined : html`<p class="bad" role="alert">${problem}</p>`;
  const content = html`<h1>Sign in</h1>
    ${told} ${others}
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
