/** Somebody who follows what happens, as a program does that reads server-sent events by itself. */
import {once} from 'node:events';
import {type IncomingMessage, request} from 'node:http';
import type {Lifetime} from './lifetime.ts';

interface Said {
  /** What a client sends back when it comes again; absent: nothing new was said of it. */
  readonly id: number | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LiveEvents {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Those so far, with the resets. */
  readonly events: readonly Said[];
  /** The newest number. */
  readonly lastId: () => number;
  /** Resolves when there are so many; rejects when it ends before. */
  readonly count: (count: number) => Promise<readonly Said[]>;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  readonly leave: () => void;
  readonly text: () => string;
}

interface Wanted {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function follow(
  life: Lifetime,
  url: string,
  {query = '', headers = {}}: Wanted = {},
): Promise<LiveEvents> {
  const asked = request(`${url}/api/v1/events${query}`, {headers, agent: false});
  life.teardown(() => {
    asked.destroy();
  });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  // A cut is an end, too.
  answer.on('error', () => undefined);
  const ended = Promise.withResolvers<undefined>();
  let all = '';
  let rest = '';
  let lastId = 0;
  const events: Said[] = [];
  let heard = Promise.withResolvers<undefined>();
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => {
    all += chunk;
    rest += chunk;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
      );
      const id = fields.get('id');
      if (id !== undefined) lastId = Number(id);
      const data = fields.get('data');
      if (data === undefined) continue;
      events.push({
        id: id === undefined ? undefined : Number(id),
        event: fields.get('event') ?? 'message',
        data: JSON.parse(data) as Said['data'],
      });
    }
    heard.resolve(undefined);
    heard = Promise.withResolvers();
  });
  answer.once('close', () => {
    ended.resolve(undefined);
    heard.resolve(undefined);
  });
  // What stands at its head tells that it has begun.
  if (answer.statusCode === 200) await heard.promise;
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    events,
    lastId: () => lastId,
    count: async (count) => {
      while (events.length < count) {
        if (answer.closed) throw new Error(`ended after ${events.length} events: ${all}`);
        await heard.promise;
      }
      return events;
    },
    ended: ended.promise,
    leave: () => asked.destroy(),
    text: () => all,
  };
}
