/** Receivers of webhooks: real ones, which can be silenced, broken and killed. */
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import type {IncomingHttpHeaders} from 'node:http';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {until} from '../raw-request.ts';

/** How it answers; 200 unless it says something else. */
export interface Behaviour {
  readonly status?: number;
  readonly body?: string;
  readonly location?: string;
  /** Takes the request, and never answers. */
  readonly isSilent?: boolean;
  /** In the place of an answer. */
  readonly garbage?: string;
  /** A body with this is answered 400. */
  readonly refuses?: string;
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
  /** What it is answered. */
  readonly status: number;
}

export type FromReceiver =
  ({readonly kind: 'request'} & Received) | {readonly kind: 'listening'; readonly port: number};

/** One event in Distribution's form. */
export interface DistributionEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly action: string;
  readonly target: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, string>>;
  readonly actor: {readonly name?: string};
  readonly source: Readonly<Record<string, string>>;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** All of Distribution's envelopes, in the order in which they came. */
  events(): readonly DistributionEvent[];
  answer(behaviour: Behaviour): void;
  /** Waits until so many requests have come, and no longer than a test should take. */
  count(requests: number): Promise<readonly Received[]>;
  /** The same of events in Distribution's envelopes. */
  told(events: number): Promise<readonly DistributionEvent[]>;
  kill(): Promise<void>;
  /** On the same port. */
  startAgain(behaviour?: Behaviour): Promise<void>;
}

const program = path.join(import.meta.dirname, 'process.ts');

async function begin(
  port: number,
  onRequest: (request: Received) => void,
  behaviour: Behaviour = {},
) {
  const child = fork(program, [String(port), JSON.stringify(behaviour)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const listening = Promise.withResolvers<number>();
  child.on('message', (message: FromReceiver) => {
    if (message.kind === 'listening') listening.resolve(message.port);
    else onRequest(message);
  });
  child.once('exit', () => {
    listening.reject(new Error('the receiver ended'));
  });
  return {child, port: await listening.promise};
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

const eventsIn = (received: readonly Received[]): readonly DistributionEvent[] =>
  received.flatMap(({body}) => (JSON.parse(body) as {events: readonly DistributionEvent[]}).events);

export async function startReceiver(t: ExecutionContext): Promise<Receiver> {
  const received: Received[] = [];
  const onRequest = (request: Received): void => {
    received.push(request);
  };
  let running = await begin(0, onRequest);
  const {port} = running;
  t.teardown(async () => end(running.child));
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    events: () => eventsIn(received),
    answer: (behaviour) => {
      running.child.send(behaviour);
    },
    count: async (requests) => {
      await until(() => received.length >= requests);
      return received;
    },
    told: async (events) => {
      await until(() => eventsIn(received).length >= events);
      return eventsIn(received);
    },
    kill: async () => end(running.child),
    startAgain: async (behaviour) => {
      running = await begin(port, onRequest, behaviour);
    },
  };
}
