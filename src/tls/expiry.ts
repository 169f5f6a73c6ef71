/** What there is to say about the end of a certificate and of its CA. */
import {day, renewalWindow} from './layout.ts';

const authorityWarning = 365 * day;

export interface Validity {
  readonly notBefore: Date;
  readonly expiresAt: Date;
  readonly authorityExpiresAt?: Date;
}

export interface ExpiryWarning {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Whole days until `end`, negative after it. */
export const daysUntil = (end: Date, now: Date): number =>
  Math.floor((end.getTime() - now.getTime()) / day);

/** The warnings that are due now; none for a certificate that is valid for another 30 days and a CA for another year. */
export function describeEnd(validity: Validity, now: Date): ExpiryWarning[] {
  const {notBefore, expiresAt, authorityExpiresAt} = validity;
  const warnings: ExpiryWarning[] = [];
  const daysLeft = daysUntil(expiresAt, now);
  if (notBefore > now) {
    warnings.push({fields: {notBefore, clock: now}, message: 'certificate is not valid yet'});
  } else if (expiresAt <= now) {
    warnings.push({fields: {expiresAt, daysLeft}, message: 'certificate has expired'});
  } else if (expiresAt.getTime() - now.getTime() < renewalWindow) {
    warnings.push({fields: {expiresAt, daysLeft}, message: 'certificate ends soon'});
  }
  if (
    authorityExpiresAt !== undefined &&
    authorityExpiresAt.getTime() - now.getTime() < authorityWarning
  ) {
    warnings.push({
      fields: {authorityExpiresAt, daysLeft: daysUntil(authorityExpiresAt, now)},
      message: 'the local CA ends soon: clients must trust a new one before',
    });
  }
  return warnings;
}
