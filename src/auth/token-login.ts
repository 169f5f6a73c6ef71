/** Application tokens as passwords: of people beside their own, of robots the only ones. */
import type {Account, Limits} from './caller.ts';
import type {Verified} from './credential-cache.ts';
import type {Credentials} from './ports.ts';
import {readSecretToken, secretMatches} from './secret-token.ts';

/** What is kept of an application token and its account. */
export interface FoundToken {
  /** As `hashSecret` makes it. */
  readonly hash: string;
  readonly account: Account;
  readonly isEnabled: boolean;
  /** Absent: none. */
  readonly limits?: Limits;
  /** In ms since 1970; absent: never. */
  readonly expiresAt?: number | null;
}

/** `undefined`: this user has no such token. */
export type FindToken = (username: string, id: string) => Promise<FoundToken | undefined>;

export type TokenCheck =
  | {readonly outcome: 'verified'; readonly verified: Verified}
  | {readonly outcome: 'refused'; readonly reason: 'disabled' | 'expired-token'}
  | {readonly outcome: 'wrong'};

export async function verifyToken(
  {username, password}: Credentials,
  findToken: FindToken,
  now: number,
): Promise<TokenCheck> {
  const token = readSecretToken(password);
  if (token?.kind !== 'application') return {outcome: 'wrong'};
  const found = await findToken(username, token.id);
  if (!found || !secretMatches(password, found.hash) || found.account.name !== username) {
    return {outcome: 'wrong'};
  }
  if (!found.isEnabled) return {outcome: 'refused', reason: 'disabled'};
  const {account, limits} = found;
  const expiresAt = found.expiresAt ?? undefined;
  if (expiresAt !== undefined && expiresAt <= now) {
    return {outcome: 'refused', reason: 'expired-token'};
  }
  return {
    outcome: 'verified',
    verified: {
      account: limits ? {...account, limits} : account,
      applicationTokenId: token.id,
      ...(expiresAt === undefined ? {} : {expiresAt}),
    },
  };
}
