/** What happens to content: as it happens, and as it was. */
import {Readable} from 'node:stream';
import {z} from 'zod';
import {eventAction} from '../../../config/notification-schema.ts';
import {newestEvents, passes, pastEvents} from '../../../metadata/events/past-events.ts';
import {ApiError} from '../api-error.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {eventPosition, openStream} from '../open-stream.ts';
import {eventAnswer, presentEvent} from '../present-event.ts';
import {spanOf} from '../repository-sight.ts';
import {StreamPlaces} from '../stream-places.ts';

const places = {ofOne: 10, ofStrangers: 250, all: 500};

const filters = {
  repository: z.string().max(255).optional().describe('Of this one alone.'),
  namespace: z
    .string()
    .max(255)
    .transform((name) => (name === '/' ? '' : name))
    .optional()
    .describe('Of what lies in it and below; / for names without a slash.'),
  actions: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(eventAction))
    .transform((actions) => new Set(actions))
    .optional()
    .describe(
      'With commas between them; unless given, push, tag and delete, and nothing of blobs.',
    ),
};

const liveQuery = z.strictObject({
  ...filters,
  after: eventPosition.optional().describe('The last event that the client has.'),
});

const pastQuery = z.strictObject({
  ...filters,
  order: z
    .enum(['oldest', 'newest'], 'must be oldest or newest')
    .default('oldest')
    .describe('Which one comes first.'),
  after: eventPosition.optional().describe('The oldest after that one; unless given, the newest.'),
  before: eventPosition.optional().describe('With `order=newest`: those before that one.'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number from 1 to 1000')
    .transform(Number)
    .refine((value) => value <= 1000, 'must be a number from 1 to 1000')
    .prefault('100')
    .meta({type: 'integer', default: 100, maximum: 1000, description: 'How many.'}),
});

export function eventEndpoints(options: ContentOptions): readonly Endpoint[] {
  const taken = new StreamPlaces(places);
  return [
    endpoint({
      name: 'events-live',
      method: 'get',
      path: '/events',
      summary: 'Follow what happens to content',
      description:
        'Server-sent events: the action, and an event as JSON. From now on, or after `Last-Event-ID` or `after`; `reset` says that what came after that one is not known any more, and that it goes on from now on.',
      who: 'anonymous',
      limited: true,
      rule: 'Everybody hears of what he may pull.',
      query: liveQuery,
      answers: {
        200: {description: 'A stream of events.', type: 'text/event-stream', schema: eventAnswer},
      },
      handle: async (asked) => ({
        status: 200,
        stream:
          asked.ctx.method === 'HEAD' ? Readable.from([]) : await openStream(options, taken, asked),
        // nginx hands on what comes as it comes.
        headers: {'X-Accel-Buffering': 'no'},
      }),
    }),
    endpoint({
      name: 'events-past',
      method: 'get',
      path: '/events/past',
      summary: 'List what has happened to content',
      description:
        'As far back as events are kept. Of those that the caller may see none may be among the many that are looked at for one answer: with `order=newest` go on until `before` is null.',
      who: 'anonymous',
      limited: true,
      rule: 'Everybody is told of what he may pull.',
      query: pastQuery,
      answers: {
        200: {
          description: 'Events.',
          schema: z.strictObject({
            events: z.array(eventAnswer),
            last: z.number().describe('After which to go on, here or with the stream.'),
            before: z
              .number()
              .nullable()
              .describe(
                'With `order=newest`, before which to go on; null: there is nothing older, or another order.',
              ),
          }),
        },
      },
      handle: async ({asker, query: {order, after, before, limit, ...filter}}) => {
        if ((order === 'newest' ? after : before) !== undefined) {
          throw new ApiError('bad-request', 'before goes with order=newest, and after without it');
        }
        const {has = () => true} = await spanOf(options, asker);
        const isWanted = passes(filter);
        const wanted = {
          limit,
          wants: (event: Parameters<typeof isWanted>[0]) =>
            isWanted(event) && has(event.repository),
        };
        const {events, last, ...more} =
          order === 'newest'
            ? await newestEvents(options.db, {...wanted, before})
            : {...(await pastEvents(options.db, {...wanted, after})), before: undefined};
        return {
          status: 200,
          body: {
            events: events.map((event) => presentEvent(asker, event)),
            last,
            before: more.before ?? null,
          },
        };
      },
    }),
  ];
}
