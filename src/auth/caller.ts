/** Who asks. */

import type {Role} from '../metadata/words.ts';

/** What an application token, or a credential of a provider, is restricted to. */
export interface Limits {
  /** Absent: all that the account has. */
  readonly namespaces?: readonly string[];
  readonly isPullOnly: boolean;
  /** By their ids: in no other team it has a role, in these no higher one, and it rules nothing. Absent: as the account. */
  readonly teams?: Readonly<Record<string, Role>>;
}

export interface Account {
  readonly kind: 'account';
  /** Of the users table. */
  readonly id: string;
  readonly name: string;
  /** Where it comes from, as `local` or `keystone`. */
  readonly provider: string;
  readonly isAdmin: boolean;
  readonly isRobot: boolean;
  /** Of the account, when the caller was authenticated. */
  readonly generation: number;
  /** Absent: none. */
  readonly limits?: Limits;
}

/** A person with all rights of his account: a robot, and a token that is limited, rule nothing, not even what is their own. */
export const isWhole = ({limits, isRobot}: Account): boolean => limits === undefined && !isRobot;

export type Caller = {readonly kind: 'anonymous'} | Account;

export const anonymous: Caller = {kind: 'anonymous'};
