/** The housekeeping of accounts: one process of a data directory does it. */
import type {OpenAccounts} from '../auth/open-accounts.ts';
import type {Clock} from '../host/clock.ts';
import type {Logger} from '../observability/log.ts';
import {accessExpiry} from './access-expiry.ts';
import {departures} from './departures.ts';
import type {Job} from './job.ts';
import {providerWatch} from './provider-watch.ts';

interface AccountJobsOptions {
  readonly log: Logger;
  readonly now: Clock;
}

interface AccountJobs {
  /** Once in a while. */
  readonly seldom: readonly Job[];
  /** What people wait for: twice a minute. */
  readonly often: readonly Job[];
}

export function accountJobs(
  {access: {db, providers, dependencies}, context: {onChange}}: OpenAccounts,
  {log, now}: AccountJobsOptions,
): AccountJobs {
  return {
    seldom: [accessExpiry({db, log, now}), departures({db, providers, onChange, log, now})],
    often: dependencies.length > 0 ? [providerWatch(dependencies)] : [],
  };
}
