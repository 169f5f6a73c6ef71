/** Tells of each manifest that can't be in the index once, however often it is met. */
import type {Logger} from '../../observability/log.ts';
import type {ReportUnreadable} from './compare.ts';

/** That are remembered. */
const most = 10_000;

export function reportOnce(log: Pick<Logger, 'warn'>): ReportUnreadable {
  const told = new Set<string>();
  return (repository, digest, cause) => {
    const key = `${repository}@${digest}`;
    if (told.has(key) || told.size >= most) return;
    told.add(key);
    const what = {repository, digest};
    if (cause === undefined) log.warn(what, 'manifest can not be read, and is not in the index');
    else
      log.warn({...what, err: cause}, 'manifest is refused by the database, and not in the index');
  };
}
