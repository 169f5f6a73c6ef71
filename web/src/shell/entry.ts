/** Where somebody is led who may not see the page that he came to. */
import type {Session} from '../api/types.ts';

interface Place {
  readonly pathname: string;
  readonly search: string;
}

/** What is public is shown to everybody there, where the registry lets anybody pull. */
const open = /^\/(?:$|(?:repositories|namespaces)(?:\/|$)|(?:search|connect)$)/;

/** The address of another page; `undefined`: he may stay. */
export function entryOf(
  {user, authMode, hasAdmin, anonymous}: Session,
  {pathname, search}: Place,
): string | undefined {
  if (user !== undefined || authMode === 'none') return undefined;
  if (!hasAdmin) return '/start';
  if (anonymous && open.test(pathname)) return undefined;
  return signInFrom({pathname, search});
}

/** What a registry has alone that has accounts. */
const ofAccounts =
  /^\/(?:profile|teams|robots|namespaces|webhooks|admin\/(?:users|system))(?:\/|$)/;

/** Whether there is nothing at that page, as there are no accounts. */
export const isWithoutUse = ({authMode}: Session, {pathname}: Place): boolean =>
  authMode === 'none' && ofAccounts.test(pathname);

/** The address of the sign-in that leads back. */
export function signInFrom({pathname, search}: Place): string {
  const to = `${pathname}${search}`;
  return to === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({to}).toString()}`;
}
