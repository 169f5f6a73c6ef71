/** From when until when a certificate counts that is made now. */
import type {X509Certificate} from 'node:crypto';
import {certificateLifetime} from './layout.ts';

/** In milliseconds: clients whose clock is a little behind accept a new certificate too. */
export const backdating = 3_600_000;

/** Certificates know no smaller parts. `time` in milliseconds. */
export const wholeSecond = (time: number): Date => new Date(Math.floor(time / 1000) * 1000);

/** When a certificate that is made now would end: after a year, and not after the CA. */
export const endOfNew = (authority: X509Certificate, now: Date): Date =>
  wholeSecond(Math.min(now.getTime() + certificateLifetime, authority.validToDate.getTime()));

/** When it would begin: an hour ago, and not before the CA. */
export const startOfNew = (authority: X509Certificate, now: Date): Date =>
  wholeSecond(Math.max(now.getTime() - backdating, authority.validFromDate.getTime()));
