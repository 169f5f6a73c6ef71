/** What resources about people work with. */
import type {AdministrationContext} from '../../auth/administration/context.ts';
import type {SignInOptions} from '../sign-in/context.ts';

export interface PeopleOptions {
  readonly signIn: SignInOptions;
  /** Within an edit, that of the edit counts (edit.ts). */
  readonly context: AdministrationContext;
}
