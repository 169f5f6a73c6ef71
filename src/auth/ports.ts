/** What a source of accounts is. Only the token realm and the sign-in know them. */
import type {Role} from '../metadata/words.ts';

interface TeamRole {
  readonly team: string;
  readonly role: Role;
}

/** Somebody whom a provider knows. `subject` never changes; `username` may. */
export interface Identity {
  readonly provider: string;
  readonly subject: string;
  readonly username: string;
  readonly displayName?: string;
  readonly email?: string;
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
  /** An empty password, or one with a NUL, is never accepted. `disabled` and `missing-group` are told only with the right password. */
  login(credentials: Credentials, signal: AbortSignal): Promise<LoginResult>;
  /** Takes as long as `login` does for an unknown name, so that the time tells nobody which provider owns a name. */
  pretend?(credentials: Credentials, signal: AbortSignal): Promise<void>;
  /** Whether the account is there still; absent: nobody can tell. Rejects where the question could not be put. */
  knows?(subject: string, signal: AbortSignal): Promise<boolean>;
  /** Whether somebody may log in by this name; absent: nobody can tell. */
  hasName?(username: string, signal: AbortSignal): Promise<boolean>;
  /** Rejects where it can't be used at present. */
  check(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
