/** Every route of the registry. */
import Router from '@koa/router';
import type {Config} from '../config/schema.ts';
import {RegistryError} from '../oci/errors.ts';
import type {Metrics} from '../observability/metrics.ts';
import type {Registry} from '../registry/registry.ts';
import type {Handler, Middleware, RouteContext, State} from './context.ts';
import {healthz, readyz, type ReadinessCheck} from './health.ts';
import type {Locate} from './locations.ts';
import {noDelete, readOnly} from './middleware/switched-off.ts';
import {base} from './v2/base.ts';
import {deleteBlob, getBlob} from './v2/blobs.ts';
import {listReferrers, listRepositories, listTags} from './v2/lists.ts';
import {deleteManifest, getManifest, putManifest} from './v2/manifests.ts';
import {uploadRoutes} from './v2/uploads.ts';

interface RouteOptions {
  readonly config: Config;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly locate: Locate;
  readonly checks: readonly ReadinessCheck[];
}

/** The `/v2` paths stand in the order in which they are tried. */
export function createRoutes({
  config,
  registry,
  metrics,
  locate,
  checks,
}: RouteOptions): Middleware {
  const {blobs, manifests, tags, referrers, catalog} = registry;
  const idleTimeout = config.http.bodyIdleTimeout;
  const {maxBytes} = config.manifests;
  const uploads = uploadRoutes({registry, metrics, locate, idleTimeout});
  const writable = readOnly(config.maintenance.readonly);
  const deletable = noDelete(!config.storage.delete);

  const router = new Router<State>({sensitive: true, strict: true});
  router.use(nameRoute);
  router.get('health', '/healthz', healthz);
  router.get('readiness', '/readyz', readyz(checks));
  router.get('base', '/v2{/}', base);
  router.get('catalog', '/v2/_catalog', listRepositories(catalog, locate));
  router.get('tags', '/v2/*name/tags/list', listTags(tags, locate));
  router.get('referrers', '/v2/*name/referrers/:digest', listReferrers(referrers, locate));
  router.post('upload-start', '/v2/*name/blobs/uploads{/}', writable, uploads.start);
  router.get('upload-status', '/v2/*name/blobs/uploads/:id', uploads.status);
  router.patch('upload-append', '/v2/*name/blobs/uploads/:id', writable, uploads.append);
  router.put('upload-finish', '/v2/*name/blobs/uploads/:id', writable, uploads.finish);
  router.delete('upload-cancel', '/v2/*name/blobs/uploads/:id', writable, uploads.cancel);
  router.get('blob', '/v2/*name/blobs/:digest', getBlob(blobs));
  router.delete('blob-delete', '/v2/*name/blobs/:digest', writable, deletable, deleteBlob(blobs));
  router.get('manifest', '/v2/*name/manifests/:reference', getManifest(manifests));
  router.put(
    'manifest-put',
    '/v2/*name/manifests/:reference',
    writable,
    putManifest({manifests, locate, maxBytes, idleTimeout}),
  );
  router.delete(
    'manifest-delete',
    '/v2/*name/manifests/:reference',
    writable,
    deletable,
    deleteManifest(manifests),
  );

  const dispatch = router.routes();
  return async (ctx, next) => {
    const context = ctx as RouteContext & Matched;
    await dispatch(context, next);
    const methods = context.matched?.flatMap((layer) => layer.methods) ?? [];
    if (ctx.status === 404 && ctx.body === undefined && methods.length > 0) {
      throw new RegistryError('UNSUPPORTED', {
        message: `${ctx.method} is not supported here`,
        headers: {Allow: [...new Set(methods)].join(', ')},
      });
    }
  };
}

/** What the router leaves on a request whose path it knows, whatever the method. */
interface Matched {
  readonly matched?: readonly {readonly methods: readonly string[]}[];
}

const nameRoute: Handler = async (ctx, next) => {
  ctx.state.route = ctx._matchedRouteName ?? 'none';
  await next();
};
