/** Does something to what the database has of content, and writes it down in the same transaction. */
import {
  type ContentChange,
  activityOfChange,
  namespaceOf,
} from '../../auth/activities/of-content.ts';
import {doerOf} from '../../auth/activities/origin.ts';
import {insertActivities} from '../../metadata/activities.ts';
import type {Database} from '../../metadata/database.ts';
import {transact} from '../../metadata/transact.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Asker} from './asker.ts';
import type {ContentOptions} from './content-options.ts';

interface Recorded {
  readonly asker: Asker;
  readonly repository: RepositoryName;
}

/** `work` tells what it has changed; `undefined`: nothing. */
export async function recording<T>(
  {db, now}: Pick<ContentOptions, 'db' | 'now'>,
  {asker: {caller, origin}, repository}: Recorded,
  work: (
    turn: Database['db'],
  ) => Promise<{readonly result: T; readonly change: ContentChange | undefined}>,
): Promise<T> {
  return transact(db, async (turn) => {
    const {result, change} = await work(turn);
    if (change) {
      const namespace = await namespaceOf(turn, repository);
      const at = now().getTime();
      const told = {change, repository, namespace, actor: doerOf(caller), origin, at};
      await insertActivities(turn, [activityOfChange(told)]);
    }
    return result;
  });
}
