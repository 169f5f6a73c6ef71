/** One who follows what happens: what he is told, and until when. */
import type {Readable} from 'node:stream';
import {z} from 'zod';
import {type EventFilter, passes} from '../../metadata/events/past-events.ts';
import type {RouteContext} from '../context.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';
import type {ContentOptions} from './content-options.ts';
import type {Asked} from './endpoint.ts';
import {eventStream} from './event-stream.ts';
import {LastingSight} from './lasting-sight.ts';
import {presentEvent} from './present-event.ts';
import {seesAll} from './repository-sight.ts';
import type {StreamPlaces} from './stream-places.ts';

/** In milliseconds: so often it is looked whether who listens still may. */
const lookInterval = 2000;
/** In milliseconds: so long one who reads slowly may take for the end. */
const endPatience = 1000;

export const eventPosition = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the number of an event')
  .transform(Number);

type Live = Asked<unknown, EventFilter & {readonly after?: number | undefined}, unknown>;

export async function openStream(
  options: ContentOptions,
  taken: StreamPlaces,
  {ctx, asker, query: {after: begin, ...filter}}: Live,
): Promise<Readable> {
  const {feed} = options.notifications;
  if (feed.signal.aborted) {
    const headers = {'Retry-After': '5'};
    throw new ApiError('unavailable', 'the registry stops; try again', {headers});
  }
  const given = givenPosition(ctx) ?? begin;
  const sight = new LastingSight(options, asker);
  const isWanted = passes(filter);
  const give = taken.take(...whose(ctx, asker));
  const ending = endOf(ctx, feed.signal);
  ending.signal.addEventListener('abort', give);
  // Of what nobody else wants to know, as pulls, nothing is written down: who may everything may ask for it.
  const wanted = !options.rights || seesAll(asker) ? filter.actions : undefined;
  try {
    const following = await feed.follow(wanted ?? new Set());
    const watch = setInterval(() => {
      sight.lasts().then(
        (lasts) => {
          if (!lasts) ending.end();
        },
        () => {
          // Who can't be asked about gets nothing more, and may come again.
          ending.end();
        },
      );
    }, lookInterval).unref();
    const leave = (): void => {
      clearInterval(watch);
      following.close();
    };
    if (ending.signal.aborted) leave();
    else ending.signal.addEventListener('abort', leave);
    const stream = eventStream({
      following,
      from: given ?? following.position(),
      signal: ending.signal,
      tell: async (events) => {
        const wantedOnes = events.filter(isWanted);
        if (wantedOnes.length === 0) return [];
        if (!(await sight.lasts())) return undefined;
        const {has = () => true} = await sight.span();
        return wantedOnes
          .filter(({repository}) => has(repository))
          .map((event) => ({
            seq: event.seq,
            action: event.action,
            line: JSON.stringify(presentEvent(asker, event)),
          }));
      },
    });
    return stream;
  } catch (error) {
    give();
    throw error;
  }
}

/** It is over when the client goes, when the server stops, and when `end` says so: then what is not taken in a moment is cut. */
function endOf({res}: RouteContext, stopping: AbortSignal) {
  const controller = new AbortController();
  const end = (): void => {
    controller.abort();
    setTimeout(() => {
      if (!res.closed) res.destroy();
    }, endPatience).unref();
  };
  stopping.addEventListener('abort', end);
  res.once('close', () => {
    stopping.removeEventListener('abort', end);
    controller.abort();
  });
  if (res.closed) controller.abort();
  return {signal: controller.signal, end};
}

/** A browser sends it when it comes again; it is newer than what its address says. */
function givenPosition(ctx: RouteContext): number | undefined {
  const header = ctx.get('Last-Event-ID');
  if (header === '') return undefined;
  const parsed = eventPosition.safeParse(header);
  if (parsed.success) return parsed.data;
  throw new ApiError('bad-request', 'Last-Event-ID must be the number of an event');
}

/** Those without an account are known by their address. */
const whose = ({state}: RouteContext, {caller}: Asker): [whose: string, isStranger: boolean] =>
  caller.kind === 'account'
    ? [`account ${caller.id}`, false]
    : [`at ${state.client.address}`, true];
