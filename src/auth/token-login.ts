/** Application tokens as passwords: of people beside their own, of robots the only ones. */
import type {Account} from './caller.ts';
import type {Credentials} from './ports.ts';
import type {Checked} from './provider-chain.ts';
import {readSecretToken, secretMatches} from './secret-token.ts';

/** What is kept of an application token and its account. */
export interface FoundToken {
  /** As `hashSecret` makes it. */
  readonly hash: string;
  /** With what the token is limited to. */
  readonly account: Account;
  readonly isEnabled: boolean;
  /** In ms since 1970; absent: never. */
  readonly expiresAt?: number;
}

/** `undefined`: this user has no such token. */
export type FindToken = (username: string, id: string) => Promise<FoundToken | undefined>;

export async function verifyToken(
  {username, password}: Credentials,
  findToken: FindToken,
  now: number,
): Promise<Checked> {
  const token = readSecretToken(password);
  if (token?.kind !== 'application') return {outcome: 'wrong'};
  const found = await findToken(username, token.id);
  if (!found || !secretMatches(password, found.hash) || found.account.name !== username) {
    return {outcome: 'wrong'};
  }
  if (!found.isEnabled) return {outcome: 'refused', reason: 'disabled'};
  const {account, expiresAt} = found;
  if (expiresAt !== undefined && expiresAt <= now) {
    return {outcome: 'refused', reason: 'expired-token'};
  }
  return {
    outcome: 'verified',
    verified: {
      account,
      applicationTokenId: token.id,
      ...(expiresAt === undefined ? {} : {expiresAt}),
    },
  };
}
