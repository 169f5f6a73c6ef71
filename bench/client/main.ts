/** The process that pushes and pulls: it does one job at a time for the harness, which sleeps meanwhile. */
import {type Job, perform, type Reply} from './jobs.ts';

process.on('message', (job: Job) => {
  void perform(job)
    .catch((error: unknown): Reply => ({failure: String(error)}))
    .then((reply) => process.send?.(reply));
});

// Whatever it is at: nobody is left who wants to know.
process.on('disconnect', () => process.exit());
