/** Whether this process is being asked for much, so that what has time can make way. */
import {subscribe} from 'node:diagnostics_channel';

/** In milliseconds: after so long a request counts for a third. */
const memory = 500;
/** That many a second, and more: fewer are health checks, and people. */
const busy = 40;

let count = 0;
let countedAt = 0;

function counted(): number {
  const now = performance.now();
  count *= Math.exp((countedAt - now) / memory);
  countedAt = now;
  return count;
}

subscribe('http.server.request.start', () => {
  count = counted() + 1;
});

/** Over HTTP, by anybody, in the last second. */
export const isAsked = (): boolean => counted() > (busy * memory) / 1000;
