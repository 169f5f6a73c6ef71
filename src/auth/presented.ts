/** What a request to the registry shows of its caller. */
import type {Credential} from '../metadata/activities.ts';
import type {Account} from './caller.ts';
import type {LoginRefusal} from './login.ts';
import type {VerifiedToken} from './verified-token.ts';

export type Presented =
  | {readonly kind: 'nothing'}
  | {readonly kind: 'token'; readonly token: VerifiedToken}
  /** All but its time is right. */
  | {readonly kind: 'expired-token'; readonly token: VerifiedToken}
  /** No token of ours, or one of an account that was changed since. */
  | {readonly kind: 'invalid-token'}
  /** By name and password, for clients that know no tokens. */
  | {
      readonly kind: 'account';
      readonly account: Account;
      readonly credential?: Credential | undefined;
    }
  | {readonly kind: 'refused'; readonly refusal: LoginRefusal};
