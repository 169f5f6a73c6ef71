/** The Koa applications: the middleware of each in one visible list. */
import Router from '@koa/router';
import Koa from 'koa';
import type {Access} from '../auth/access.ts';
import type {Config} from '../config/schema.ts';
import type {Database} from '../metadata/database.ts';
import type {AccessLog} from '../observability/access-log.ts';
import type {Logger} from '../observability/log.ts';
import type {Tracing} from '../observability/tracing.ts';
import type {Notifications} from '../notifications/open-notifications.ts';
import type {Metrics} from '../observability/metrics.ts';
import {Repeated} from '../observability/repeated.ts';
import type {Registry} from '../registry/registry.ts';
import {StorageError} from '../storage/driver.ts';
import type {OpenAccounts} from '../auth/open-accounts.ts';
import {addApi} from './api/api.ts';
import {apiFaults} from './api/faults.ts';
import type {RunningOptions} from './api/server-options.ts';
import type {State} from './context.ts';
import {dispatch, newRouter} from './dispatch.ts';
import {accountGuard} from './guard/account-guard.ts';
import {createChallenger} from './guard/challenge.ts';
import {type Guard, openGuard} from './guard/guard.ts';
import {addHealth, type AskReadiness} from './health.ts';
import {createLocate} from './locations.ts';
import {serveMetrics} from './metrics.ts';
import {account} from './middleware/account.ts';
import {errors, type FaultTellers} from './middleware/errors.ts';
import {hostileContent} from './middleware/hostile-content.ts';
import {identify} from './middleware/identify.ts';
import {sendStream} from './middleware/send-stream.ts';
import {traced} from './middleware/traced.ts';
import {unreadAnswer} from './middleware/unread-answer.ts';
import {unreadBody} from './middleware/unread-body.ts';
import {createRealmUrl, isRealmHere} from './realm-url.ts';
import {createRoutes} from './routes.ts';
import type {Handle} from './server.ts';
import {createCookies} from './sign-in/cookies.ts';
import {addRedirectLogins} from './sign-in/routes.ts';
import {addTokenRoutes} from './token.ts';
import type {BuiltPages} from './ui/built-pages.ts';
import {areHere, ui} from './ui/ui.ts';

interface ApplicationOptions {
  readonly config: Config;
  readonly db: Database['db'];
  readonly now: () => Date;
  readonly registry: Registry;
  readonly metrics: Metrics;
  /** Absent: requests stand in the log alone. */
  readonly accessLog: AccessLog | undefined;
  /** Absent: no traces. */
  readonly tracing: Tracing | undefined;
  readonly notifications: Notifications;
  readonly askReadiness: AskReadiness;
  /** For admins who ask. */
  readonly running: RunningOptions;
  /** Absent: auth.mode none. */
  readonly access: Access | undefined;
  readonly accounts: OpenAccounts['accounts'] | undefined;
  /** Absent: ui.enabled false. */
  readonly pages: BuiltPages | undefined;
  /** Of the registry, for pages that have addresses of their own. */
  readonly registryUrls?: readonly string[];
  /** Of the token realm, where it has addresses of its own. */
  readonly realmUrls?: readonly string[];
  readonly log: Logger;
}

export function registryApplication(options: ApplicationOptions): Handle {
  const {config, access, pages, metrics, tracing} = options;
  const tellers = tellersOf(options);
  const locate = createLocate({
    externalUrl: config.externalUrl,
    locations: config.http.locations,
  });
  const hasPages = pages !== undefined && areHere(config.ui);
  const addHere = (router: Router<State>): void => {
    if (access && isRealmHere(config)) addTokenRoutes(router, {config, access, metrics, tracing});
    addManagement(router, options, {tellers, externalUrl: config.externalUrl, hasPages});
  };
  return compose(options, [
    ...common(options, tellers),
    hostileContent,
    apiFaults(tellers),
    createRoutes({
      ...options,
      locate,
      may: guardOf(options),
      logins: access?.logins,
      addAccessRoutes: addHere,
      hasPages,
    }),
    ...(hasPages ? [ui(pages)] : []),
  ]);
}

/** The pages, where they have addresses of their own, with the API that they ask. */
export function uiApplication(options: ApplicationOptions): Handle {
  const {config, pages, askReadiness} = options;
  const {externalUrl} = config.ui;
  const tellers = tellersOf(options);
  const router = newRouter();
  addHealth(router, askReadiness);
  addManagement(router, options, {tellers, externalUrl, hasPages: true});
  return compose(options, [
    ...common(options, tellers, externalUrl),
    apiFaults(tellers),
    dispatch(router),
    ...(pages ? [ui(pages)] : []),
  ]);
}

interface Place {
  readonly tellers: FaultTellers;
  /** By which browsers and scripts know it. */
  readonly externalUrl: string | undefined;
  readonly hasPages: boolean;
}

/** The API, and the way to other providers and back. */
function addManagement(
  router: Router<State>,
  options: ApplicationOptions,
  {tellers, externalUrl, hasPages}: Place,
): void {
  const {config, access, accounts} = options;
  const content = {...options, rights: access?.rights, generations: access?.generations};
  const signIn = accounts && {
    accounts,
    cookies: createCookies(externalUrl),
    externalUrl,
    asksForCode: config.admin.firstLogin === 'code',
  };
  addApi(router, {...options, content, signIn});
  if (signIn && hasPages) addRedirectLogins(router, signIn, tellers);
}

/** The token realm, where it has addresses of its own. */
export function tokenApplication(options: ApplicationOptions): Handle {
  const {config, access, askReadiness, metrics, tracing} = options;
  const router = newRouter();
  if (access) addTokenRoutes(router, {config, access, metrics, tracing});
  addHealth(router, askReadiness);
  return compose(options, [
    ...common(options, tellersOf(options), config.token.externalUrl),
    dispatch(router),
  ]);
}

const tellersOf = ({metrics}: ApplicationOptions): FaultTellers => ({
  metrics,
  repeated: new Repeated(),
});

function common(
  {config, metrics, accessLog, tracing, now, log}: ApplicationOptions,
  tellers: FaultTellers,
  externalUrl = config.externalUrl,
): readonly Koa.Middleware<State>[] {
  const {http} = config;
  const prefix = externalUrl === undefined ? '' : new URL(externalUrl).pathname.replace(/\/+$/, '');
  return [
    identify({log, trustedProxies: http.trustedProxies, prefix}),
    ...(tracing ? [traced(tracing)] : []),
    account({metrics, accessLog, now, isLogged: config.log.requests}),
    sendStream(metrics),
    unreadAnswer(http.bodyIdleTimeout),
    unreadBody,
    errors(tellers),
  ];
}

function guardOf({config, access, realmUrls}: ApplicationOptions): Guard {
  if (!access) return openGuard;
  const realmUrl = createRealmUrl({
    path: config.token.path,
    externalUrl: config.externalUrl,
    realmExternalUrl: config.token.externalUrl,
    ownUrl: realmUrls?.[0],
  });
  return accountGuard({access, challenger: createChallenger(realmUrl, config.token.service)});
}

export function metricsApplication(options: ApplicationOptions): Handle {
  const {config, metrics, askReadiness, log} = options;
  const router = new Router<State>({sensitive: true});
  router.get('metrics', '/metrics', serveMetrics(metrics));
  addHealth(router, askReadiness);
  return compose(options, [
    identify({log, trustedProxies: [], prefix: ''}),
    unreadAnswer(config.http.bodyIdleTimeout),
    unreadBody,
    errors(tellersOf(options)),
    router.routes() as Koa.Middleware<State>,
  ]);
}

function compose(
  {log, metrics}: ApplicationOptions,
  middleware: readonly Koa.Middleware<State>[],
): Handle {
  const app = new Koa<State>();
  for (const each of middleware) app.use(each);
  const known = new WeakSet<Error>();
  // Only what happens after the head was sent comes here: mostly clients that hang up.
  app.on('error', (error: NodeJS.ErrnoException, ctx?: Koa.ParameterizedContext<State>) => {
    // The body that failed and the connection that was cut for it tell of the same error.
    if (known.has(error)) return;
    known.add(error);
    if (error instanceof StorageError) metrics.storageErrors.inc({kind: error.kind});
    (ctx?.state.log ?? log)[isHangUp(error) ? 'debug' : 'error']({err: error}, 'answer broke off');
  });
  const handle = app.callback();
  // It never rejects: the middleware answers every error.
  return async (request, response) => handle(request, response);
}

/** The connection's error and not ours: those of the disk are StorageErrors by now. */
function isHangUp({code, syscall}: NodeJS.ErrnoException): boolean {
  return syscall !== undefined || (code !== undefined && hangUps.test(code));
}

const hangUps = /^(?:ECONNRESET|EPIPE|ECANCELED|ERR_STREAM_PREMATURE_CLOSE|ERR_SSL_.*)$/;
