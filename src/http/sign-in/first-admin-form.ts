/** What makes the first admin: a form for who has signed in already, and one that makes the account. */
import type {Context} from '../context.ts';
import {type Html, html} from './html.ts';
import {here} from './place.ts';

interface Asking {
  /** Whether the code is asked for. */
  readonly asksForCode: boolean;
}

const codeOf = ({asksForCode}: Asking): Html | undefined =>
  asksForCode
    ? html`<label for="code">The code that the start of the server prints</label>
        <input
          type="text"
          id="code"
          name="code"
          autocomplete="off"
          spellcheck="false"
          required
          maxlength="100"
        />`
    : undefined;

export const becomeAdminForm = (ctx: Context, asking: Asking): Html =>
  html`<section>
    <h2>Become the first admin</h2>
    <p>This registry has no admin yet.</p>
    <form method="post" action="${here(ctx, '/signed-in/admin')}">
      ${codeOf(asking)}
      <button>Become the admin</button>
    </form>
  </section>`;

export const firstAccountForm = (ctx: Context, asking: Asking, name: string): Html =>
  html`<section>
    <h2>Make the first account</h2>
    <p>This registry has no admin yet. The first account is the admin.</p>
    <form method="post" action="${here(ctx, '/sign-in/first')}">
      ${codeOf(asking)}
      <label for="first-name">Its name</label>
      <input
        type="text"
        id="first-name"
        name="username"
        value="${name}"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        required
        maxlength="128"
      />
      <label for="first-password">Its password, of 8 characters at least</label>
      <input
        type="password"
        id="first-password"
        name="password"
        autocomplete="new-password"
        required
      />
      <button>Make the account</button>
    </form>
  </section>`;
