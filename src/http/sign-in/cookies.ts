/** The cookies of a sign-in: out of reach of scripts, sent along from other sites with links alone, and over TLS alone wherever there is TLS. */
import {loginTakes} from '../../auth/sealed-logins.ts';
import type {Context} from '../context.ts';

const names = {session: 'holdfast', login: 'holdfast-login'} as const;

/** `session`: who has signed in; `login`: what somebody has begun at another provider. */
type CookieName = keyof typeof names;

export interface Cookies {
  readonly get: (ctx: Context, name: CookieName) => string | undefined;
  /** `keepFor`: in milliseconds; absent: as long as the browser is open. */
  readonly set: (ctx: Context, name: CookieName, value: string, keepFor?: number) => void;
  readonly clear: (ctx: Context, name: CookieName) => void;
}

export function createCookies(externalUrl: string | undefined): Cookies {
  const isSecure = ({state: {client}}: Context): boolean =>
    client.protocol === 'https' || externalUrl?.startsWith('https:') === true;
  // Browsers take the prefix from this very host alone, over TLS: a neighbour can't plant it.
  const nameOf = (ctx: Context, name: CookieName): string =>
    isSecure(ctx) ? `__Host-${names[name]}` : names[name];
  const write = (ctx: Context, name: CookieName, value: string, more: string): void => {
    const secure = isSecure(ctx) ? '; Secure' : '';
    const text = `${nameOf(ctx, name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${more}`;
    ctx.append('Set-Cookie', text);
  };
  return {
    get: (ctx, name) => ctx.cookies.get(nameOf(ctx, name)) ?? undefined,
    set: (ctx, name, value, keepFor) => {
      const age = name === 'login' ? loginTakes : keepFor;
      write(ctx, name, value, age === undefined ? '' : `; Max-Age=${Math.floor(age / 1000)}`);
    },
    clear: (ctx, name) => {
      write(ctx, name, '', '; Max-Age=0');
    },
  };
}
