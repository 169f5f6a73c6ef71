/** A token whose signature, issuer and audience are right. */
import type {Scope} from '../oci/scope.ts';
import type {Limits} from './caller.ts';
import type {Claims} from './token-claims.ts';

/** In milliseconds: so far may the clocks of realm and registry be apart. Distribution's. */
export const leeway = 60_000;

export interface VerifiedToken {
  /** The `jti`. */
  readonly id: string;
  /** Empty: anonymous. */
  readonly subject: string;
  readonly audience: string;
  /** Absent, like the generation, where no account stands behind it. */
  readonly accountId?: string;
  /** Of the account, when the token was issued. */
  readonly generation?: number;
  readonly limits?: Limits;
  readonly access: readonly Scope[];
  readonly notBefore: Date;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

const atSecond = (seconds: number): Date => new Date(seconds * 1000);

export function tokenOf(claims: Claims): VerifiedToken {
  const {account, generation, limits} = claims.holdfast ?? {};
  return {
    id: claims.jti,
    subject: claims.sub,
    audience: claims.aud,
    ...(account === undefined ? {} : {accountId: account}),
    ...(generation === undefined ? {} : {generation}),
    ...(limits === undefined ? {} : {limits: limitsOf(limits)}),
    access: claims.access,
    notBefore: atSecond(claims.nbf),
    issuedAt: atSecond(claims.iat),
    expiresAt: atSecond(claims.exp),
  };
}

const limitsOf = ({
  namespaces,
  pullOnly,
  teams,
}: NonNullable<NonNullable<Claims['holdfast']>['limits']>): Limits => ({
  ...(namespaces === undefined ? {} : {namespaces}),
  isPullOnly: pullOnly,
  ...(teams === undefined ? {} : {teams}),
});
