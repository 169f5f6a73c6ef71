/** All activities that somebody asks for, a page at a time: however many there are, a few are in memory. */
import {
  type ActivityFilter,
  type ActivityPlace,
  listActivities,
} from '../../metadata/activity-pages.ts';
import type {Database} from '../../metadata/database.ts';
import type {ActivityReader} from './reader.ts';
import {type ShownActivity, toShown} from './shown.ts';

const atOnce = 500;

export async function* eachActivity(
  db: Database['db'],
  {sight, filterFor, tell}: ActivityReader,
  filter: ActivityFilter,
): AsyncGenerator<readonly ShownActivity[]> {
  let after: ActivityPlace | undefined;
  for (;;) {
    const wanted = {filter: filterFor(filter), sight, after, limit: atOnce};
    const activities = await listActivities(db, wanted);
    yield activities.map((activity) => toShown(activity, tell(activity)));
    if (activities.length < atOnce) return;
    after = activities.at(-1);
  }
}
