/** Finds what others have added to the storage, or taken away: another registry on the same directory, a backup that was put back. */
import type {OpenIndex} from '../registry/index/open-index.ts';
import type {Job} from './job.ts';

/** A comparison takes a tenth of the time at most. */
const restFactor = 10;

/** `interval`: in milliseconds. An index that has not all yet is made at once. */
export const reconciliation = async (
  index: Pick<OpenIndex, 'isComplete' | 'reconciling'>,
  interval: number,
): Promise<Job> => ({
  task: 'index-comparison',
  name: 'comparison of the index with the storage',
  interval,
  firstAfter: (await index.isComplete()) ? undefined : 0,
  restFactor,
  work: async (signal) => {
    await index.reconciling.run().catch((error: unknown) => {
      // It is ended with the server.
      if (!signal.aborted) throw error;
    });
  },
});
