/** Events as they happen, as server-sent events: the text of one stream. */
import {Readable} from 'node:stream';
import type {Event} from '../../metadata/events/event.ts';
import type {Following} from '../../notifications/event-feed.ts';

interface EventStream {
  readonly following: Following;
  /** After which event it begins. */
  readonly from: number;
  /** Of these the ones that he is told of, each as one line; `undefined`: he is to hear no more. */
  readonly tell: (events: readonly Event[]) => Promise<readonly Told[] | undefined>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

interface Told {
  readonly seq: number;
  readonly action: string;
  readonly line: string;
}

/** In milliseconds: so long at most nothing is sent. Proxies end what is silent for a minute. */
const heartbeat = 15_000;
/** In milliseconds: so long a client waits before it comes again. */
const comeAgain = 2000;
const mostAtOnce = 50;
/** In bytes: what waits for a slow reader here. More is read when he has taken it, and he is cut by the server. */
const mostWaiting = 16 * 1024;

export const eventStream = (stream: EventStream): Readable =>
  Readable.from(framesOf(stream), {objectMode: false, highWaterMark: mostWaiting});

async function* framesOf(stream: EventStream): AsyncGenerator<string, void> {
  const {following, from, signal} = stream;
  let at = from;
  let sentAt = performance.now();
  // A number alone is no event, but what is sent back after a break.
  yield `retry: ${comeAgain}\nid: ${at}\n\n`;
  while (!signal.aborted) {
    const next = await frameAfter(stream, at);
    if (!next || stream.signal.aborted) return;
    ({at} = next);
    if (next.text !== '') yield next.text;
    else if (performance.now() - sentAt >= heartbeat) yield `: nothing new\nid: ${at}\n\n`;
    else {
      if (!next.isMore) await following.wait(at, heartbeat - (performance.now() - sentAt), signal);
      continue;
    }
    sentAt = performance.now();
  }
}

interface Frame {
  readonly at: number;
  readonly text: string;
  /** Nobody has looked yet whether there is more. */
  readonly isMore: boolean;
}

async function frameAfter({following, tell}: EventStream, seq: number): Promise<Frame | undefined> {
  const events = await following.after(seq, mostAtOnce);
  if (events === 'lost') {
    const at = following.position();
    return {at, text: `event: reset\nid: ${at}\ndata: {}\n\n`, isMore: true};
  }
  const last = events.at(-1);
  if (!last) return {at: seq, text: '', isMore: false};
  const told = await tell(events);
  if (!told) return undefined;
  const frames = told.map(
    (each) => `id: ${each.seq}\nevent: ${each.action}\ndata: ${each.line}\n\n`,
  );
  return {at: last.seq, text: frames.join(''), isMore: true};
}
