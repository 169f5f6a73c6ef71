/** Asks again while no node serves, as a client does that was told to come back. */
import {setTimeout} from 'node:timers/promises';
import type {Exchanged} from './exchange.ts';

/** In milliseconds. */
const pause = 200;
const aMinute = 60_000;

/** What a connection says that is refused, or breaks off with its node. */
export const isBroken = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' ||
    error.name === 'TimeoutError' ||
    ('code' in error &&
      ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ECONNABORTED'].includes(String(error.code))) ||
    error.message === 'aborted');

/** The answer; `undefined`: the connection broke off, or a node said that it can't at present. */
export async function attempt(ask: () => Promise<Exchanged>): Promise<Exchanged | undefined> {
  try {
    const answer = await ask();
    return answer.status === 503 ? undefined : answer;
  } catch (error) {
    if (isBroken(error)) return undefined;
    throw error;
  }
}

/** The same request until it is answered. */
export async function persist(
  ask: () => Promise<Exchanged>,
  longest = aMinute,
): Promise<Exchanged> {
  const end = performance.now() + longest;
  for (;;) {
    const answer = await attempt(ask);
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`not answered within ${longest / 1000} s`);
    await setTimeout(pause);
  }
}

/** In milliseconds: as long as large images may take on a slow machine. */
const veryLong = 600_000;

/** Looks until it holds. */
export async function eventually(condition: () => boolean): Promise<void> {
  const end = performance.now() + veryLong;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${veryLong / 1000} s in vain`);
    await setTimeout(10);
  }
}
