/** Leaves the bytes of a blob to nginx, which finds them in the storage by itself. */
import type {Layer} from '../../storage/layer-store.ts';
import type {Blobs} from '../../registry/blobs.ts';
import type {Context} from '../context.ts';

/** Answers with X-Accel-Redirect and true, where a proxy that is trusted asks, for somebody else, what it can answer as we would. */
export type Redirect = (ctx: Context, layer: Layer) => boolean;

/** Of these nginx knows other answers: to it the entity tag is one that is set after it has looked at them. */
const ours = ['If-Match', 'If-Unmodified-Since', 'If-Modified-Since'];

/** Of others nginx knows other answers, too. */
const plainRange = /^(?:bytes=(?:\d+-\d*|-\d+))?$/;

/** `location` is nginx's, with a slash at its end; `undefined`: we send everything ourselves. */
export const accelRedirect =
  (blobs: Pick<Blobs, 'localPath'>, location: string | undefined): Redirect =>
  (ctx, layer) => {
    // Who is on the proxy's own host and asks us without it has no use for an answer without bytes.
    const isForwarded = ctx.state.isProxied && ctx.get('X-Forwarded-For') !== '';
    if (location === undefined || !isForwarded || ctx.method !== 'GET') return false;
    if (layer.size === 0 || ours.some((condition) => ctx.get(condition) !== '')) return false;
    if (!plainRange.test(ctx.get('Range'))) return false;
    const path = blobs.localPath(layer);
    if (path === undefined) return false;
    ctx.set('X-Accel-Redirect', location + path);
    ctx.body = Buffer.alloc(0);
    return true;
  };
