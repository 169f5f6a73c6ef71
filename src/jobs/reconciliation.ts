/** Finds what others have added to the storage, or taken away: another registry on the same directory, a backup that was put back. */
import type {OpenIndex} from '../registry/index/open-index.ts';
import type {Job} from './job.ts';

export const reconciliation = ({index}: {readonly index: Pick<OpenIndex, 'reconciling'>}): Job => ({
  name: 'comparison of the index with the storage',
  work: async (signal) => {
    if (!signal.aborted) await index.reconciling.run();
  },
});
