/** What every request carries along. */
import type {RouterContext, RouterMiddleware} from '@koa/router';
import type {Middleware as KoaMiddleware, ParameterizedContext} from 'koa';
import type {Presented} from '../auth/presented.ts';
import type {Logger} from '../observability/log.ts';

/** Where the request came from, behind the proxies that are trusted. */
export interface Client {
  readonly address: string;
  readonly protocol: string;
  /** Empty where the client sent none that makes sense. */
  readonly host: string;
  /** A path before every route, without a slash at its end. */
  readonly prefix: string;
}

export interface State {
  /** The request id. */
  id: string;
  log: Logger;
  client: Client;
  /** It came through a proxy that is trusted. */
  isProxied: boolean;
  /** The route's name, for metrics; unset where none fits. */
  route?: string;
  /** What the request shows of its caller, once the guard has looked. */
  presented?: Presented;
  /** Bytes of a body that went out as a stream. */
  streamed?: number;
  /** What could not be done for it, where other lines of the log say why: goes into the line of the request. */
  problem?: string;
}

export type Context = ParameterizedContext<State>;
export type Middleware = KoaMiddleware<State>;
/** The context of a route: with the parameters of its path. */
export type RouteContext = RouterContext<State>;
export type Handler = RouterMiddleware<State>;
