/** The operation on what has happened to content. */
import {z} from 'zod';
import {eventActions, eventObjects} from '../../metadata/events/event.ts';
import type {ContentContext} from './context.ts';
import {anyNamespaceName, repositoryName, time, timeText} from './fields.ts';
import {question} from './operation.ts';

const event = z.object({
  seq: z.number(),
  id: z.string(),
  at: time,
  action: z.enum(eventActions),
  object: z.enum(eventObjects),
  repository: z.string(),
  tag: z.string().optional(),
  digest: z.string().optional(),
  mediaType: z.string().optional(),
  size: z.number().optional(),
  actor: z.string().optional(),
});

export type EventShown = z.output<typeof event>;

export const listEvents = question(
  'event list',
  {
    input: z.strictObject({
      /** Absent: the newest. */
      after: z.int().min(0).optional(),
      limit: z.int().min(1).max(1000).default(100),
      repository: repositoryName.optional(),
      namespace: anyNamespaceName.optional(),
    }),
    output: z.object({events: z.array(event), last: z.number()}),
  },
  async ({content}: ContentContext, {after, limit, ...filter}) => {
    const {events, last} = await content.events({after, limit, filter});
    return {
      last,
      events: events.map(({seq, id, at, action, object, repository, ...more}) => ({
        ...{seq, id, at: timeText(at), action, object, repository},
        tag: more.tag,
        digest: more.digest,
        mediaType: more.mediaType,
        size: more.size,
        actor: more.actor,
      })),
    };
  },
);
