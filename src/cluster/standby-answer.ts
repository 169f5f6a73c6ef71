/** What a standby answers itself: how it is, and that somebody else serves. */
import type {ServerResponse} from 'node:http';

export interface StandbyWords {
  /** Of this node. */
  readonly node: string;
  /** Of the one that serves, as far as this one knows. */
  readonly active: string | undefined;
  /** In seconds. */
  readonly retryAfter: number;
}

type Answer = readonly [status: number, body: object];

const health = (path: string, {active}: StandbyWords): Answer | undefined => {
  const known = {role: 'standby', active: active ?? null};
  if (path === '/healthz') return [200, {status: 'ok', ...known}];
  if (path === '/healthz/standby') return [200, {status: 'ok', ...known}];
  if (path === '/healthz/active' || path === '/readyz')
    return [503, {status: 'unavailable', ...known}];
  return undefined;
};

/** Whether it was a question of this node's own state, which is answered then. */
export function answerHealth(path: string, words: StandbyWords, response: ServerResponse): boolean {
  const answer = health(path, words);
  if (!answer) return false;
  write(response, answer, words);
  return true;
}

export function refuseAsStandby(words: StandbyWords, response: ServerResponse, why?: string): void {
  const {node, active} = words;
  const who = active === undefined ? 'no node is active at present' : `${active} is active`;
  const message = why ?? `${node} is on standby, ${who}; try again`;
  write(response, [503, {errors: [{code: 'UNAVAILABLE', message}]}], words);
}

function write(response: ServerResponse, [status, body]: Answer, {retryAfter}: StandbyWords): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Docker-Distribution-Api-Version': 'registry/2.0',
    ...(status === 503 ? {'Retry-After': String(retryAfter)} : {}),
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
