/** Asks the providers of accounts again and again whether they are there, for metrics and log. */
import type {Dependency} from '../auth/provider-chain.ts';
import type {Job} from './job.ts';

/** In milliseconds. */
const patience = 10_000;

export const providerWatch = (dependencies: readonly Dependency[]): Job => ({
  task: 'provider-watch',
  name: 'look at the providers of accounts',
  work: async (signal) => {
    for (const {check} of dependencies) {
      // Metric and log have been told by then.
      await check(AbortSignal.any([signal, AbortSignal.timeout(patience)])).catch(() => undefined);
    }
  },
});
