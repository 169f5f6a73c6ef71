/** One connection to the stream of events of a server elsewhere. */
import {once} from 'node:events';
import {type IncomingMessage, request as requestPlain} from 'node:http';
import {request as requestTls} from 'node:https';
import type {EventShown} from '../../auth/administration/events.ts';
import {apiBase} from '../../http/api/routes.ts';
import {Failure} from '../failure.ts';
import {readEvent} from './events.ts';
import type {Server} from './server.ts';

/** In milliseconds: the server says something every 15 seconds. */
const silence = 45_000;
/** In characters, of one event. */
const longest = 64 * 1024;

type Heard =
  | {readonly kind: 'position'; readonly at: number}
  /** What came before is not known any more. */
  | {readonly kind: 'reset'; readonly at: number}
  | {readonly kind: 'event'; readonly at: number; readonly event: EventShown};

interface Wanted {
  readonly after: number;
  readonly filter: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Ends where the server ends it. Rejects where it breaks off, and with a Failure of code 2 where the server does not want it. */
export async function* listen(server: Server, wanted: Wanted): AsyncGenerator<Heard, void> {
  const answer = await connect(server, wanted);
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    if (rest.length > longest) throw new Error('the stream is none of events');
    for (const block of blocks) {
      const heard = heardIn(fieldsOf(block));
      if (heard) yield heard;
    }
  }
  if (!answer.complete) throw new Error('the stream broke off');
}

const fieldsOf = (block: string): ReadonlyMap<string, string> =>
  new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
    }),
  );

function heardIn(fields: ReadonlyMap<string, string>): Heard | undefined {
  const at = Number(fields.get('id'));
  if (!Number.isSafeInteger(at)) return undefined;
  const data = fields.get('data');
  if (data === undefined) return {kind: 'position', at};
  if (fields.get('event') === 'reset') return {kind: 'reset', at};
  const event = readEvent(data);
  return event ? {kind: 'event', at, event} : {kind: 'position', at};
}

async function connect(
  {url, token, ca}: Server,
  {after, filter, signal}: Wanted,
): Promise<IncomingMessage> {
  const target = new URL(`${url}${apiBase}/events?${new URLSearchParams(filter).toString()}`);
  const options = {
    headers: {
      Authorization: `Basic ${Buffer.from(token).toString('base64')}`,
      Accept: 'text/event-stream',
      'Last-Event-ID': String(after),
    },
    signal,
    agent: false,
    timeout: silence,
  } as const;
  const asked =
    target.protocol === 'https:'
      ? requestTls(target, {...options, ...(ca === undefined ? {} : {ca})})
      : requestPlain(target, options);
  asked.on('timeout', () => asked.destroy(new Error('the server was silent')));
  // After the answer has begun it is the answer that breaks off.
  asked.on('error', () => undefined);
  const answered = once(asked, 'response');
  asked.end();
  const [answer] = (await answered) as [IncomingMessage];
  const {statusCode: status = 0} = answer;
  if (status === 200) return answer;
  asked.destroy();
  const isOurs = status >= 400 && status < 500 && status !== 429;
  throw new Failure(`${url} answers ${status} to who follows its events`, {code: isOurs ? 2 : 1});
}
