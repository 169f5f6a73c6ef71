/** What resources about people work with. */
import type {OpenAccounts} from '../../auth/open-accounts.ts';
import type {AdministrationContext} from '../../auth/administration/context.ts';
import type {SignInOptions} from '../sign-in/context.ts';

export interface PeopleOptions {
  readonly accounts: OpenAccounts['accounts'];
  readonly context: AdministrationContext;
  readonly signIn: SignInOptions;
}
