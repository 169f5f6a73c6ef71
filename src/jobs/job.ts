/** A piece of housekeeping, before somebody repeats it. */
import type {PeriodicOptions} from './periodic.ts';

type Rhythm = Pick<PeriodicOptions, 'interval' | 'firstAfter' | 'restFactor'>;

/** Whoever repeats it has a rhythm for what has none of its own. */
export type Job = Pick<PeriodicOptions, 'name' | 'work'> &
  Partial<Rhythm> & {
    /** What the metrics call it. */
    readonly task: string;
  };
