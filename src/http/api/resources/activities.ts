/** What was done: listed, as a file, and whether somebody has changed it. */
import {Readable} from 'node:stream';
import {z} from 'zod';
import {verification, verifyChain} from '../../../auth/administration/activities.ts';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {csvHeader, csvLine} from '../../../auth/activities/csv.ts';
import {eachActivity} from '../../../auth/activities/each.ts';
import {filterFields, toFilter} from '../../../auth/activities/filter.ts';
import {type ActivityReader, allReader, readerOf} from '../../../auth/activities/reader.ts';
import {shownActivity, toShown} from '../../../auth/activities/shown.ts';
import type {Config} from '../../../config/schema.ts';
import {type ActivityFilter, pageOfActivities} from '../../../metadata/activity-pages.ts';
import type {Database} from '../../../metadata/database.ts';
import type {RouteContext} from '../../context.ts';
import type {Asker} from '../asker.ts';
import {endpoint, type Reply, type Resource} from '../endpoint.ts';
import {pageQuery, pageReply, toPage} from '../pages.ts';

export interface ActivityOptions {
  readonly db: Database['db'];
  readonly config: Pick<Config, 'dataDir' | 'storage' | 'metadata'>;
  /** Absent: auth.mode none, and everybody may everything. */
  readonly context: AdministrationContext | undefined;
}

const query = pageQuery(['at']).extend({
  sort_order: z
    .enum(['asc', 'desc'], 'must be asc or desc')
    .default('desc')
    .describe('The newest first, unless it is asc.'),
  ...filterFields,
  format: z
    .enum(['json', 'csv'], 'must be json or csv')
    .optional()
    .describe('csv: a file with all of them, the newest first, as `Accept: text/csv` asks for.'),
});

async function readerFor({context}: ActivityOptions, {caller}: Asker): Promise<ActivityReader> {
  return context ? readerOf(context, caller) : allReader;
}

/** Not in memory: it may be all that ever happened. */
async function* linesOf(
  db: Database['db'],
  reader: ActivityReader,
  filter: ActivityFilter,
): AsyncGenerator<string> {
  yield csvHeader();
  for await (const activities of eachActivity(db, reader, filter)) {
    yield activities.map(csvLine).join('');
  }
}

const asFile = (stream: Readable): Reply => ({
  status: 200,
  stream,
  headers: {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': 'attachment; filename="activities.csv"',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-store',
  },
});

const wantsFile = (ctx: RouteContext, format: 'json' | 'csv' | undefined): boolean =>
  format === 'csv' ||
  (format === undefined && ctx.accepts('application/json', 'text/csv') === 'text/csv');

export const activitiesResource = (options: ActivityOptions): Resource => ({
  name: 'activities',
  description: 'What was done, and by whom.',
  endpoints: [
    endpoint({
      name: 'activities-list',
      method: 'get',
      path: '/activities',
      summary: 'List what was done, the newest first',
      description: 'As JSON in pages, or all of it as CSV.',
      who: 'anonymous',
      rule: 'Admins see all; others what they did, what concerns their account and their teams, and what was done in namespaces that they may pull from.',
      query,
      answers: {
        200: {description: 'A page of them.', schema: z.array(shownActivity), file: 'text/csv'},
      },
      handle: async ({ctx, asker, query: given}) => {
        const {page, per_page, all, sort_attr, sort_order, format, ...wanted} = given;
        const {db} = options;
        const reader = await readerFor(options, asker);
        const filter = toFilter(wanted);
        if (wantsFile(ctx, format)) {
          return asFile(Readable.from(linesOf(db, reader, filter), {objectMode: false}));
        }
        const sorted = {page, per_page, all, sort_attr, sort_order};
        const {items, total} = await pageOfActivities(db, {
          filter: reader.filterFor(filter),
          sight: reader.sight,
          page: toPage(sorted),
        });
        const shown = items.map((activity) => toShown(activity, reader.tell(activity)));
        return pageReply(ctx, sorted, {items: shown, total});
      },
    }),
    endpoint({
      name: 'activities-verification',
      method: 'get',
      path: '/activities/verification',
      summary: 'Tell whether somebody has changed what was written down',
      who: 'admin',
      answers: {200: {description: 'What was found.', schema: verification}},
      handle: async () => ({
        status: 200,
        body: await verifyChain(options.db, options.config),
      }),
    }),
  ],
});
