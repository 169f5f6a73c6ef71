/** What a source of accounts is. Only the token realm and the sign-in know them. */
import type {Role} from '../metadata/words.ts';

/** Of several in one team a provider says the highest (providers/team-roles.ts). */
export interface TeamRole {
  /** In lower case. */
  readonly team: string;
  readonly role: Role;
}

/** Somebody whom a provider knows. `subject` never changes; `username` may. */
export interface Identity {
  readonly provider: string;
  readonly subject: string;
  readonly username: string;
  /** Where another account has his name he gets it with this behind it; absent: he is not let in then. */
  readonly nameSuffix?: string;
  readonly displayName?: string;
  readonly email?: string;
  /**
   * He has logged in by a credential that has a part of his rights: what is said of him takes nothing of what he is, the login has no more
   * than that, and nothing that outlives the credential comes of it.
   */
  readonly isDelegated?: true;
  /** Absent: the provider does not say who is an admin. */
  readonly isAdmin?: boolean;
  /** In which teams the provider puts him; absent: it does not say. */
  readonly teams?: readonly TeamRole[];
  /** Of an account of this registry's own, when its password was compared: what changes it meanwhile ends what comes of the login. */
  readonly generation?: number;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type LoginResult =
  | {readonly outcome: 'accepted'; readonly identity: Identity}
  /** The provider owns the name: no other is asked. */
  | {
      readonly outcome: 'rejected';
      readonly reason: 'bad-credentials' | 'disabled' | 'missing-group';
    }
  /** An unknown name, or a provider that can't tell: the next is asked. */
  | {readonly outcome: 'not-accepted'};

/** Rejects only where the question could not be put, as with a directory that is down: clients then keep their password. */
export interface PasswordProvider {
  readonly id: string;
  readonly displayName: string;
  /** In milliseconds: for so long a password that was right is not asked about again; absent: for as long as nothing changes here that is known of. */
  readonly trustFor?: number;
  /** It can't tell an unknown name from a wrong password: `not-accepted` may be either. */
  readonly hidesNames?: true;
  /** An empty password, or one with a NUL, is never accepted. `disabled` and `missing-group` are told only with the right password. */
  login(credentials: Credentials, signal: AbortSignal): Promise<LoginResult>;
  /** Takes as long as `login` does for an unknown name, so that the time tells nobody which provider owns a name. */
  pretend?(credentials: Credentials, signal: AbortSignal): Promise<void>;
  /** Whether the account is there still; absent: nobody can tell. Rejects where the question could not be put. */
  knows?(subject: string, signal: AbortSignal): Promise<boolean>;
  /** Whether the account of somebody there has this name, or would have it; absent: nobody can tell. Rejects where the question could not be put. */
  hasName?(username: string, signal: AbortSignal): Promise<boolean>;
  /** Rejects where it can't be used at present. */
  check(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What is to be remembered of a login until its answer comes; nobody but the provider needs to understand it. */
export interface PendingLogin {
  readonly verifier: string;
  readonly nonce: string;
}

export type RedirectResult =
  | Exclude<LoginResult, {readonly outcome: 'not-accepted'}>
  /** The provider sends him back without a login; `error` is its word for why. */
  | {readonly outcome: 'refused-there'; readonly error: string; readonly why: string}
  /** The answer is none to this login, or is forged. */
  | {readonly outcome: 'invalid'; readonly why: string};

/** Where people log in by themselves, at a page of its own. Rejects only where it could not be asked. */
export interface RedirectProvider {
  /** In the addresses of its login. */
  readonly id: string;
  /** As accounts, metrics and readiness name it, among all providers. */
  readonly source: string;
  readonly displayName: string;
  /** Where the browser is to be sent; it comes back to `callbackUrl`. */
  begin(
    request: {readonly callbackUrl: string; readonly state: string},
    signal: AbortSignal,
  ): Promise<{readonly url: string; readonly pending: PendingLogin}>;
  /** `url`: the callback's, with all that the browser has brought. Each answer counts once. */
  finish(
    answer: {readonly url: URL; readonly state: string; readonly pending: PendingLogin},
    signal: AbortSignal,
  ): Promise<RedirectResult>;
  check(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
