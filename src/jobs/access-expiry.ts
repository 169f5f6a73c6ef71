/** Removes from the database what counts no more: leases of uploads, refresh tokens, sessions, and application tokens long after their time. */
import {system} from '../auth/activities/origin.ts';
import type {Clock} from '../host/clock.ts';
import {purgeApplicationTokens} from '../metadata/application-tokens.ts';
import {insertActivities} from '../metadata/activities.ts';
import type {Database} from '../metadata/database.ts';
import {purgeRefreshTokens} from '../metadata/refresh-tokens.ts';
import {transact} from '../metadata/transact.ts';
import {purgeSessions} from '../metadata/sessions.ts';
import {purgeLeases} from '../metadata/upload-leases.ts';
import type {Log} from '../observability/log.ts';
import type {Job} from './job.ts';

interface AccessExpiryOptions {
  readonly db: Database['db'];
  readonly log: Log;
  readonly now: Clock;
}

/** In milliseconds. Until then its owner sees in the list why it does not work any more. */
const applicationTokensStayFor = 30 * 86_400_000;

export function accessExpiry({db, log, now}: AccessExpiryOptions): Job {
  return {
    task: 'access-expiry',
    name: 'expiry of tokens and leases',
    work: async () => {
      const time = now().getTime();
      const leases = await purgeLeases(db, {now: time});
      const refreshTokens = await purgeRefreshTokens(db, {now: time});
      const sessions = await purgeSessions(db, {now: time});
      const expiredBefore = time - applicationTokensStayFor;
      const applicationTokens = await transact(db, async (turn) => {
        const count = await purgeApplicationTokens(turn, {expiredBefore});
        const purged = {
          at: time,
          key: 'application_token.purge',
          actor: system,
          subject: {kind: 'application-token', name: 'expired'},
          parameters: {count},
        };
        if (count > 0) await insertActivities(turn, [purged]);
        return count;
      });
      if (leases + refreshTokens + sessions + applicationTokens === 0) return;
      log.info(
        {leases, refreshTokens, sessions, applicationTokens},
        'expired tokens and leases removed',
      );
    },
  };
}
