/** Finds out how changes ended that a process had begun and did not bring into the index, because it was killed. */
import {listChanges} from '../metadata/content/outbox.ts';
import type {Database} from '../metadata/database.ts';
import type {OpenIndex} from '../registry/index/open-index.ts';
import type {Job} from './job.ts';

/** In milliseconds. One that is younger may still be under way. */
const settled = 60_000;
const atOnce = 500;

export const unfinishedChanges = ({
  db,
  index,
  now,
}: {
  readonly db: Database['db'];
  readonly index: Pick<OpenIndex, 'content'>;
  readonly now: () => Date;
}): Job => ({
  name: 'look at unfinished changes',
  work: async () => {
    const before = now().getTime() - settled;
    for (const change of await listChanges(db, {before, limit: atOnce})) {
      index.content.follow(change);
    }
    await index.content.settled();
  },
});
