/** The log, by the name that this folder had for it. */
export type {Log as AuthLog} from '../observability/log.ts';
