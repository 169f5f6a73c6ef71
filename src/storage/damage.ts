/** What is found broken on the disk is told once, with its place, and then treated as absent, so that the next push mends it. */
import type {StorageKey} from './driver.ts';

export type ReportDamage = (key: StorageKey, finding: string) => void;
