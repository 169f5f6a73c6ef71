/** Every route of the registry. */
import type Router from '@koa/router';
import type {Logins} from '../auth/login.ts';
import type {Config} from '../config/schema.ts';
import type {Log} from '../observability/log.ts';
import type {Notifications} from '../notifications/open-notifications.ts';
import type {Metrics} from '../observability/metrics.ts';
import type {Registry} from '../registry/registry.ts';
import type {Middleware, State} from './context.ts';
import {dispatch, newRouter} from './dispatch.ts';
import type {Guard} from './guard/guard.ts';
import {home} from './home.ts';
import {addHealth, type AskReadiness} from './health.ts';
import {receiveEvents} from './incoming/receive-events.ts';
import type {Locate} from './locations.ts';
import {noDelete, readOnly} from './middleware/switched-off.ts';
import {accelRedirect} from './v2/accel-redirect.ts';
import {base} from './v2/base.ts';
import {deleteBlob, getBlob} from './v2/blobs.ts';
import {listReferrers, listRepositories, listTags} from './v2/lists.ts';
import {deleteManifest, getManifest, putManifest} from './v2/manifests.ts';
import {createTell} from './v2/tell.ts';
import {uploadRoutes} from './v2/uploads.ts';

interface RouteOptions {
  readonly config: Config;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly locate: Locate;
  /** What stands before each route. */
  readonly may: Guard;
  /** Absent: auth.mode none. */
  readonly logins: Logins | undefined;
  /** Of tokens, where they are given out on these addresses, and of accounts. */
  readonly addAccessRoutes: (router: Router<State>) => void;
  /** Whether people can sign in here with a browser. */
  readonly hasPages: boolean;
  readonly askReadiness: AskReadiness;
  readonly notifications: Notifications;
  readonly now: () => Date;
  /** Is told of every route. */
  readonly log: Log;
}

const uploadsOf = '/v2/*name/blobs/uploads';
const blob = '/v2/*name/blobs/:digest';
const manifest = '/v2/*name/manifests/:reference';

/** The `/v2` paths stand in the order in which they are tried. */
export function createRoutes({
  config,
  registry,
  metrics,
  locate,
  may,
  logins,
  addAccessRoutes,
  hasPages,
  askReadiness,
  notifications,
  now,
  log,
}: RouteOptions): Middleware {
  const {blobs, manifests, tags, referrers, catalog} = registry;
  const tell = createTell(notifications, now);
  const idleTimeout = config.http.bodyIdleTimeout;
  const {maxBytes} = config.manifests;
  const putting = {manifests, permit: may.permitManifest, locate, maxBytes, idleTimeout};
  const uploads = uploadRoutes({
    registry,
    mountSource: may.mountSource,
    metrics,
    tell,
    locate,
    idleTimeout,
  });
  const writable = readOnly(config.maintenance.readonly);
  const deletable = noDelete(!config.storage.delete);

  const router = newRouter();
  addHealth(router, askReadiness);
  router.get('home', '/', home({hasPages}));
  addAccessRoutes(router);
  router.get('base', '/v2{/}', may.login, base);
  const {incoming} = config.notifications;
  if (incoming.enabled) {
    const {token} = incoming;
    const receiving = {take: registry.takeReports, token, logins, idleTimeout};
    router.post('events-receive', '/v2/webhooks/events', receiveEvents(receiving));
  }
  router.get(
    'catalog',
    '/v2/_catalog',
    may.catalog,
    listRepositories(catalog, may.visible, locate),
  );
  router.get('tags', '/v2/*name/tags/list', may.pull, listTags(tags, locate));
  router.get(
    'referrers',
    '/v2/*name/referrers/:digest',
    may.pull,
    listReferrers(referrers, locate),
  );
  router.post(
    'upload-start',
    `${uploadsOf}{/}`,
    may.startUpload,
    writable,
    may.prepareUpload,
    uploads.start,
  );
  router.get('upload-status', `${uploadsOf}/:id`, may.push, uploads.status);
  router.patch('upload-append', `${uploadsOf}/:id`, may.continueUpload, writable, uploads.append);
  router.put('upload-finish', `${uploadsOf}/:id`, may.continueUpload, writable, uploads.finish);
  router.delete('upload-cancel', `${uploadsOf}/:id`, may.push, writable, uploads.cancel);
  const redirect = accelRedirect(blobs, config.http.accelRedirect);
  router.get('blob', blob, may.pull, getBlob(blobs, tell, redirect));
  router.delete('blob-delete', blob, may.delete, writable, deletable, deleteBlob(blobs, tell));
  router.get('manifest', manifest, may.pull, getManifest(manifests, tell));
  router.put(
    'manifest-put',
    manifest,
    may.putManifest,
    writable,
    may.prepareManifest,
    putManifest(putting),
  );
  router.delete(
    'manifest-delete',
    manifest,
    may.delete,
    writable,
    deletable,
    deleteManifest(manifests),
  );

  const routes = router.stack.filter(({methods}) => methods.length > 0);
  log.debug({routes: routes.map(({name, methods, path}) => ({name, methods, path}))}, 'routes');

  return dispatch(router);
}
