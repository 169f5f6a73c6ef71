/** Tells of each manifest that can't be read once, however often it is met. */
import type {Logger} from '../../observability/log.ts';
import type {ReportUnreadable} from './compare.ts';

/** That are remembered. */
const most = 10_000;

export function reportOnce(log: Pick<Logger, 'warn'>): ReportUnreadable {
  const told = new Set<string>();
  return (repository, digest) => {
    const key = `${repository}@${digest}`;
    if (told.has(key) || told.size >= most) return;
    told.add(key);
    log.warn({repository, digest}, 'manifest can not be read, and is not in the index');
  };
}
