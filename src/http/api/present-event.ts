/** Events as the API shows them. */
import {z} from 'zod';
import {type Event, eventActions, eventObjects} from '../../metadata/events/event.ts';
import type {Asker} from './asker.ts';
import {time, timeText} from './fields.ts';
import {authorFor} from './repository-sight.ts';

export const eventAnswer = z
  .strictObject({
    seq: z.number().describe('Its place among all events; an `id` of the stream.'),
    id: z.string().describe('The same whoever is told of it, and how often.'),
    at: time,
    action: z.enum(eventActions),
    object: z.enum(eventObjects),
    repository: z.string(),
    tag: z.string().nullable(),
    digest: z.string().nullable(),
    media_type: z.string().nullable(),
    size: z.number().nullable().describe('In bytes.'),
    actor: z
      .string()
      .nullable()
      .describe('Who has done it, as far as that is known; null without an account.'),
  })
  .meta({id: 'Event', description: 'Something that has happened.'});

export const presentEvent = (asker: Asker, event: Event): z.output<typeof eventAnswer> => ({
  seq: event.seq,
  id: event.id,
  at: timeText(event.at),
  action: event.action,
  object: event.object,
  repository: event.repository,
  tag: event.tag ?? null,
  digest: event.digest ?? null,
  media_type: event.mediaType ?? null,
  size: event.size ?? null,
  actor: authorFor(asker, event.actor),
});
