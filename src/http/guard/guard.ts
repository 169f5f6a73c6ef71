/** What stands before each route of the registry, and decides whether the caller gets there. */
import type {Visible} from '../../auth/visible.ts';
import type {Context, Handler} from '../context.ts';
import type {PermitManifest} from '../v2/manifests.ts';
import type {FindMountSource} from '../v2/uploads.ts';

/** Each answers before a byte of the body is read, or asked for. */
export interface Guard {
  /** Any valid login. */
  readonly login: Handler;
  readonly catalog: Handler;
  readonly pull: Handler;
  /** To go on with an upload, or to look at one, or to give it up. */
  readonly push: Handler;
  readonly startUpload: Handler;
  /** After `startUpload`, once nothing else refuses a push: makes the namespace where that is so, and the lease. */
  readonly prepareUpload: Handler;
  /** May be done under a lease, like `putManifest`. */
  readonly continueUpload: Handler;
  readonly putManifest: Handler;
  /** After `putManifest`, as `prepareUpload`. */
  readonly prepareManifest: Handler;
  readonly delete: Handler;
  readonly mountSource: FindMountSource;
  readonly permitManifest: PermitManifest;
  /** Which repositories a list shows; `undefined`: all. */
  readonly visible: (ctx: Context) => Promise<Visible | undefined>;
}

const pass: Handler = async (_ctx, next) => {
  await next();
};

/** auth.mode none: everybody may everything. */
export const openGuard: Guard = {
  login: pass,
  catalog: pass,
  pull: pass,
  push: pass,
  startUpload: pass,
  prepareUpload: pass,
  continueUpload: pass,
  putManifest: pass,
  prepareManifest: pass,
  delete: pass,
  mountSource: async (_ctx, _name, from) =>
    Promise.resolve(from ? {kind: 'repository', name: from} : {kind: 'anywhere'}),
  permitManifest: async () => Promise.resolve(),
  visible: async () => Promise.resolve(undefined),
};
