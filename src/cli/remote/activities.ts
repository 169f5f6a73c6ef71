/** Operations on activities by the API. */
import {z} from 'zod';
import {listActivities, verification, verifySeals} from '../../auth/administration/activities.ts';
import {shownActivity} from '../../auth/activities/shown.ts';
import {remote} from './remote.ts';

/** Of the API's pages; their number stands for the place where the next begins. */
const perPage = 500;

export const remoteActivities = [
  remote(listActivities, async (api, {after, limit = perPage, ...filter}) => {
    const page = Number(after?.split('.')[0] ?? '1');
    const query = {...filter, per_page: String(perPage), page: String(page)};
    const activities = await api.ask(z.array(shownActivity), 'GET', ['activities'], {query});
    const isLast = activities.length < perPage || limit < perPage;
    return {activities: activities.slice(0, limit), ...(isLast ? {} : {next: `${page + 1}.page`})};
  }),
  remote(verifySeals, async (api) => api.ask(verification, 'GET', ['activities', 'verification'])),
];
