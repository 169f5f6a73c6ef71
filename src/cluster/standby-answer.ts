/** What a standby answers itself: how it is, and that somebody else serves. */
import type {IncomingMessage, ServerResponse} from 'node:http';
import {nodeActiveHelp} from '../observability/metrics.ts';

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

/** For Prometheus: that it is there, and does not serve. */
export function answerMetrics({url}: IncomingMessage, response: ServerResponse): void {
  if (url !== '/metrics') {
    response.writeHead(404).end();
    return;
  }
  const name = 'holdfast_node_active';
  response.writeHead(200, {'Content-Type': 'text/plain; version=0.0.4; charset=utf-8'});
  response.end(`# HELP ${name} ${nodeActiveHelp}\n# TYPE ${name} gauge\n${name} 0\n`);
}
