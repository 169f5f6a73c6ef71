/** What somebody sees who has signed in: who he is here, his teams, and his application tokens. */
import type {z} from 'zod';
import {listTokens} from '../../auth/administration/application-tokens.ts';
import type {WebSession} from '../../auth/sessions.ts';
import type {Context} from '../context.ts';
import type {SignInOptions} from './context.ts';
import {becomeAdminForm} from './first-admin-form.ts';
import {type Html, html} from './html.ts';
import {showPage} from './page.ts';
import {here, registryHost} from './place.ts';

type Token = z.output<typeof listTokens.output>['tokens'][number];

export interface News {
  readonly status?: number;
  /** Why something did not work. */
  readonly problem?: string;
  readonly done?: string;
  /** Shown this once. */
  readonly token?: {readonly name: string; readonly text: string};
}

export async function showSignedIn(
  ctx: Context,
  options: SignInOptions,
  session: WebSession,
  news: News = {},
): Promise<void> {
  const {accounts} = options;
  const {name} = session.user;
  const {tokens} = await listTokens.perform(accounts.context, session.account, {
    user: name,
  });
  const teams = await accounts.sessions.teamsOf(session);
  const isAdminWanted = !(await accounts.firstAdmin.isOver());
  const content = html`${headOf(ctx, session)} ${newsOf(news)}
    ${news.token && newTokenOf(registryHost(ctx, options.externalUrl), name, news.token)}
    ${isAdminWanted ? becomeAdminForm(ctx, options) : undefined}
    <section>
      <h2>Teams</h2>
      ${
        teams.length === 0
          ? html`<p class="quiet">You are in no team.</p>`
          : html`<ul>
              ${teams.map(({teamName, role}) => html`<li><span>${teamName}</span><span class="quiet">${role}</span></li>`)}
            </ul>`
      }
    </section>
    ${formOf(ctx)} ${tokensOf(ctx, tokens)}`;
  showPage(ctx, {status: news.status ?? 200, title: `Signed in as ${name}`, content});
}

function headOf(ctx: Context, {user}: WebSession): Html {
  const {name, displayName, isAdmin, email} = user;
  const more = [displayName, email, isAdmin ? 'admin of this registry' : undefined];
  const told = more.filter((each) => each !== undefined).join(', ');
  return html`<div class="head">
    <div>
      <h1>Signed in as ${name}</h1>
      ${told === '' ? undefined : html`<p class="quiet">${told}</p>`}
    </div>
    <form method="post" action="${here(ctx, '/sign-out')}">
      <button class="plain">Sign out</button>
    </form>
  </div>`;
}

const newsOf = ({problem, done}: News): Html =>
  html`${
    problem === undefined ? undefined : html`<p class="bad" role="alert">${problem}</p>`
  }${done === undefined ? undefined : html`<p class="good" role="status">${done}</p>`}`;

const newTokenOf = (host: string, user: string, {name, text}: NonNullable<News['token']>): Html =>
  html`<section aria-labelledby="new-token">
    <h2 id="new-token">Your new token ${name}</h2>
    <p>It is shown this once. Copy it now:</p>
    <code id="token">${text}</code>
    <p>It is the password of this login:</p>
    <code id="command">docker login ${host} -u ${user}</code>
  </section>`;

const formOf = (ctx: Context): Html =>
  html`<section>
    <h2>Make an application token</h2>
    <p class="quiet">A password for docker, podman and other clients, or for a machine of yours.</p>
    <form method="post" action="${here(ctx, '/signed-in/tokens')}">
      <label for="name">Name</label>
      <input type="text" id="name" name="name" autocomplete="off" required maxlength="128" />
      <label for="expires">Expires</label>
      <select id="expires" name="expires">
        <option value="7d">in 7 days</option>
        <option value="30d">in 30 days</option>
        <option value="90d" selected>in 90 days</option>
        <option value="365d">in a year</option>
        <option value="never">never</option>
      </select>
      <label class="check"
        ><input type="checkbox" name="pull-only" value="yes" /> It can pull, and nothing else</label
      >
      <button>Make the token</button>
    </form>
  </section>`;

function tokensOf(ctx: Context, tokens: readonly Token[]): Html {
  if (tokens.length === 0) return html``;
  const items = tokens.map(
    (token) =>
      html`<li>
        <span>${token.name} <span class="quiet">${limitsOf(token)}</span></span>
        <form method="post" action="${here(ctx, '/signed-in/tokens/revoke')}">
          <input type="hidden" name="name" value="${token.name}" />
          <button class="plain" aria-label="Revoke ${token.name}">Revoke</button>
        </form>
      </li>`,
  );
  return html`<section>
    <h2>Your application tokens</h2>
    <ul>
      ${items}
    </ul>
    <p class="quiet">
      To revoke one ends your logins of docker and other clients that keep one; log in there again.
    </p>
  </section>`;
}

function limitsOf({isPullOnly, namespaces, expiresAt, lastUsedAt}: Token): string {
  const parts = [
    isPullOnly ? 'pull only' : undefined,
    namespaces?.join(', '),
    expiresAt === undefined ? 'never expires' : `expires ${day(expiresAt)}`,
    lastUsedAt === undefined ? 'not used yet' : `last used ${day(lastUsedAt)}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

const day = (time: string): string => time.slice(0, 10);
