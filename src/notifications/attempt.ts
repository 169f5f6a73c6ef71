/** One attempt to tell one endpoint of events, and what is to be done after it. */
import type {Delivery} from '../metadata/events/deliveries.ts';
import type {Event} from '../metadata/events/event.ts';
import type {Reference, Source} from './distribution-event.ts';
import type {Endpoint} from './endpoint.ts';
import {bodyFor, type Message, messageFor, shownHeaders} from './message.ts';
import {type Agents, type Answered, post} from './post.ts';
import {type MayReach, RefusedTarget} from '../host/target-address.ts';

export interface Telling {
  readonly delivery: Delivery;
  readonly event: Event;
  readonly references?: readonly Reference[];
}

interface Attempting {
  readonly source: Source;
  readonly agents: Agents;
  readonly mayReach: MayReach;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** In ms. */
  readonly retryFor: number;
  /** In ms. */
  readonly longestPause: number;
}

export interface Attempted {
  readonly outcomes: readonly Delivery[];
  /** Whether another event would fare no better: nobody is there, or can do anything. */
  readonly isOfReceiver: boolean;
}

/** Of an event that the receiver does not take. */
const mostRefusals = 8;
const mostKept = 16_384;
const mayChange: ReadonlySet<number> = new Set([408, 425, 429]);

/** In ms: grows from a second to the longest, and differs a little each time. */
export const pauseAfter = (attempts: number, longestPause: number): number =>
  Math.min(longestPause, 1000 * 2 ** Math.min(attempts - 1, 20)) * (0.8 + 0.4 * Math.random());

/** Several in one message, where its form has room for them: they share what becomes of it. */
export async function attempt(
  endpoint: Endpoint,
  tellings: readonly Telling[],
  {source, agents, mayReach, signal, now, retryFor, longestPause}: Attempting,
): Promise<Attempted> {
  const message = messageFor(endpoint, tellings, {source, now: now()});
  let answered: Answered | undefined;
  let failure: unknown;
  try {
    answered = await post(endpoint, message, {agents, mayReach, signal});
  } catch (error) {
    failure = error;
  }
  const at = now().getTime();
  const isTaken = answered !== undefined && answered.status >= 200 && answered.status < 300;
  const isRefused = isRefusal(answered) || failure instanceof RefusedTarget;
  const problem = isTaken
    ? undefined
    : answered
      ? problemOf(answered)
      : problemOfFailure(failure, endpoint);
  const outcomes = tellings.map((telling): Delivery => {
    const {delivery} = telling;
    const attempts = delivery.attempts + 1;
    const refusals = delivery.refusals + Number(isRefused);
    const isOver =
      isTaken ||
      delivery.action === 'test' ||
      refusals >= mostRefusals ||
      at - delivery.createdAt > retryFor;
    return {
      ...delivery,
      attempts,
      refusals,
      state: isTaken ? 'delivered' : isOver ? 'failed' : 'waiting',
      dueAt: isTaken ? at : at + pauseAfter(attempts, longestPause),
      finishedAt: isOver ? at : undefined,
      status: answered?.status,
      problem,
      request: shownRequest(endpoint, message, {telling, together: tellings.length, source}),
      response: answered && JSON.stringify(answered),
    };
  });
  return {outcomes, isOfReceiver: !isRefusal(answered)};
}

/** JSON: of a message with several events, this one. */
function shownRequest(
  endpoint: Endpoint,
  message: Message,
  {
    telling,
    together,
    source,
  }: {readonly telling: Telling; readonly together: number; readonly source: Source},
): string {
  return JSON.stringify({
    method: endpoint.method.toUpperCase(),
    url: endpoint.url,
    headers: shownHeaders(message, endpoint),
    body: (together === 1 ? message.body : bodyFor(endpoint, [telling], source).body).slice(
      0,
      mostKept,
    ),
    ...(together === 1 ? {} : {together}),
  });
}

/** The receiver is there, and does not want this one. */
const isRefusal = (answered: Answered | undefined): boolean =>
  answered !== undefined && answered.status < 500 && !mayChange.has(answered.status);

function problemOf({status, headers}: Answered): string {
  if (status < 300 || status >= 400) return `the receiver answered ${status}`;
  const to = headers['location'];
  const where = to === undefined ? '' : ` to ${to.slice(0, 500)}`;
  return `the receiver redirects${where} (${status}): nobody is followed; give the address where it is`;
}

function problemOfFailure(error: unknown, {timeout}: Endpoint): string {
  const cause = error instanceof Error && error.name === 'AbortError' ? error.cause : error;
  if (!(cause instanceof Error)) return 'it was broken off';
  if (cause.name === 'TimeoutError')
    return `the receiver did not answer within ${timeout / 1000} s`;
  return cause.message.slice(0, 1000);
}
