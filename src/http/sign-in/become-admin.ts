/** The first admin: who can log in becomes it himself, for anybody else an account is made. */
import type {SetupRefusal} from '../../auth/first-admin.ts';
import type {UserName} from '../../oci/user-name.ts';
import type {Context} from '../context.ts';
import {originOf} from '../activity-origin.ts';
import type {SignInOptions} from './context.ts';
import {loginOfPerson} from './password.ts';

interface Candidate {
  readonly code: string | undefined;
  readonly name: UserName;
  readonly password: string;
}

/** The name of the account that is the admin now. Rejects as logins do. */
export async function becomeAdmin(
  ctx: Context,
  options: SignInOptions,
  {code, name, password}: Candidate,
): Promise<{readonly outcome: 'done'; readonly username: string} | SetupRefusal> {
  const {firstAdmin} = options.accounts;
  if (await firstAdmin.isOver()) return {outcome: 'over'};
  const attempt = {code, origin: originOf(ctx, {kind: 'setup-code'})};
  const login = await loginOfPerson(ctx, options, {username: name, password});
  if ('outcome' in login) {
    const made = await firstAdmin.create(attempt, {name, password});
    return made.outcome === 'done' ? {outcome: 'done', username: name} : made;
  }
  const claimed = await firstAdmin.claim(attempt, login);
  return claimed === 'done' ? {outcome: 'done', username: login.name} : claimed;
}
