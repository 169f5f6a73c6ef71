/** What has happened to content, by the API. */
import {z} from 'zod';
import {type EventShown, listEvents} from '../../auth/administration/events.ts';
import {eventActions, eventObjects} from '../../metadata/events/event.ts';
import {remote} from './remote.ts';

const event = z.object({
  seq: z.number(),
  id: z.string(),
  at: z.string(),
  action: z.enum(eventActions),
  object: z.enum(eventObjects),
  repository: z.string(),
  tag: z.string().nullable(),
  digest: z.string().nullable(),
  media_type: z.string().nullable(),
  size: z.number().nullable(),
  actor: z.string().nullable(),
});
const page = z.object({events: z.array(event), last: z.number()});

const toEvent = ({media_type: mediaType, ...shown}: z.output<typeof event>): EventShown => ({
  ...shown,
  tag: shown.tag ?? undefined,
  digest: shown.digest ?? undefined,
  mediaType: mediaType ?? undefined,
  size: shown.size ?? undefined,
  actor: shown.actor ?? undefined,
});

/** `undefined`: it is none of this version. */
export function readEvent(text: string): EventShown | undefined {
  try {
    const parsed = event.safeParse(JSON.parse(text));
    return parsed.success ? toEvent(parsed.data) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const remoteEvents = [
  remote(listEvents, async (api, {after, limit = 100, repository, namespace}) => {
    const query = {
      after: after === undefined ? undefined : String(after),
      limit: String(limit),
      repository,
      namespace,
    };
    const {events, last} = await api.ask(page, 'GET', ['events', 'past'], {query});
    return {events: events.map(toEvent), last};
  }),
];
