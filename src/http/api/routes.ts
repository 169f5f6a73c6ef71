/** Endpoints become routes: who asks, what was sent, the handler, and the answer with its entity tag. */
import {channel} from 'node:diagnostics_channel';
import type Router from '@koa/router';
import {doerOf} from '../../auth/activities/origin.ts';
import {anonymous} from '../../auth/caller.ts';
import type {Handler, RouteContext, State} from '../context.ts';
import type {SignInOptions} from '../sign-in/context.ts';
import {presentedOrigin} from '../activity-origin.ts';
import {ApiError} from './api-error.ts';
import {type Asker, askerOf, nobody, requireOwnPage, unauthorized} from './asker.ts';
import type {Endpoint, Reply, Resource} from './endpoint.ts';
import {etagOf, isKnown} from './etag.ts';
import {readJson} from './json-body.ts';
import {requireWho} from './require-who.ts';

export const apiBase = '/api/v1';

interface RouteOptions {
  /** Absent: auth.mode none, and everybody may everything. */
  readonly signIn: SignInOptions | undefined;
  readonly realm: string;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

/** Whoever wants to compare answers with their schemas can: nothing is done for nobody. */
const answered = channel('holdfast.api.answer');

export function addResources(
  router: Router<State>,
  resources: readonly Resource[],
  options: RouteOptions,
): void {
  for (const endpoint of resources.flatMap(({endpoints}) => endpoints)) {
    const {name, method, path, also = []} = endpoint;
    const handler = handlerOf(endpoint, options);
    for (const each of [`${apiBase}${path}`, ...also]) router[method](name, each, handler);
  }
}

function handlerOf(endpoint: Endpoint, options: RouteOptions): Handler {
  return async (ctx) => {
    try {
      const reply = await replyTo(ctx, endpoint, options);
      if (answered.hasSubscribers && !reply.stream) answered.publish({endpoint, reply});
      send(ctx, endpoint, reply);
    } catch (error) {
      if (answered.hasSubscribers) answered.publish({endpoint, error});
      if (error instanceof ApiError && error.code === 'denied') noteDenial(ctx, endpoint, options);
      throw error;
    }
  };
}

/** What an operation denies it notes itself. */
function noteDenial(ctx: RouteContext, {name}: Endpoint, {signIn}: RouteOptions): void {
  const {presented} = ctx.state;
  signIn?.accounts.context.notes?.note({
    ...presentedOrigin(ctx),
    key: 'operation.denied',
    actor: doerOf(presented?.kind === 'account' ? presented.account : anonymous),
    subject: {kind: 'endpoint', name},
    outcome: 'denied',
  });
}

async function replyTo(
  ctx: RouteContext,
  endpoint: Endpoint,
  options: RouteOptions,
): Promise<Reply> {
  const asker = await findAsker(ctx, endpoint, options);
  const {method, edits = false} = endpoint;
  if (method !== 'get' && !edits && ctx.get('If-Match') !== '') {
    throw new ApiError('changed', 'If-Match is of no use here: leave it out');
  }
  return endpoint.perform(ctx, asker, {
    params: ctx.params,
    query: queryOf(ctx),
    readBody: async () => readJson(ctx, options.idleTimeout),
  });
}

async function findAsker(
  ctx: RouteContext,
  endpoint: Endpoint,
  {signIn, realm}: RouteOptions,
): Promise<Asker> {
  if (signIn && endpoint.logsIn === true) requireOwnPage(ctx, signIn, nobody);
  if (endpoint.who === 'everybody' || !signIn) return nobody;
  const asker = await askerOf(ctx, {...signIn, realm});
  requireWho(endpoint, asker, () =>
    unauthorized(ctx, {realm}, 'log in: with a name and an application token, or in the browser'),
  );
  return asker;
}

/** Each parameter once. */
function queryOf(ctx: RouteContext): unknown {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(ctx.querystring)) {
    if (found.has(name)) {
      throw new ApiError('bad-request', [{field: name.slice(0, 100), message: 'is given twice'}]);
    }
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

function send(
  ctx: RouteContext,
  {method, edits, answers}: Endpoint,
  {status, body, stream, headers = {}}: Reply,
): void {
  ctx.status = status;
  ctx.set(headers);
  if (stream) {
    ctx.body = stream;
    ctx.set('Content-Type', answers[status]?.type ?? '');
    // Koa has put a type of its own there.
    ctx.set(headers);
    return;
  }
  if (body === undefined) {
    ctx.body = null;
    ctx.status = status;
    return;
  }
  const text = JSON.stringify(body);
  const edited = edits && typeof body === 'object' && body !== null ? body : undefined;
  const etag = method === 'get' || edited ? etagOf(text, edited) : undefined;
  if (etag !== undefined) ctx.set('ETag', etag);
  if (method === 'get') {
    ctx.set('Cache-Control', 'private, no-cache');
    if (status === 200 && etag !== undefined && isKnown(ctx, etag)) {
      ctx.body = null;
      ctx.status = 304;
      return;
    }
  }
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.body = text;
}
