/** What the parts are called whose health the registry tells, and what can be done about each. */
import {t} from '../texts/texts.ts';

const known = [
  'storage',
  'room',
  'index',
  'notifications',
  'database',
  'certificate',
  'renewal',
  'ldap',
  'keystone',
] as const;

const find = (part: string) => known.find((each) => each === part);

/** Others are OpenID providers, called by their ids. */
export function titleOfPart(part: string): string {
  const told = find(part);
  return told === undefined ? part : t(`admin.health.parts.${told}`);
}

export const adviceForPart = (part: string): string =>
  t(`admin.health.todo.${find(part) ?? 'other'}`);
