/** A piece of housekeeping, before somebody repeats it. */
import type {PeriodicOptions} from './periodic.ts';

export type Job = Pick<PeriodicOptions, 'name' | 'work'>;
