/** The body of a request: read only when a handler wants it, watched for silence, limited. */
import type {Readable} from 'node:stream';
import {RegistryError} from '../oci/errors.ts';
import type {Context} from './context.ts';

const awaitingContinue = new WeakSet<object>();

/** The client waits for `100 Continue` before it sends the body: it gets it when somebody reads. */
export function expectContinue(request: object): void {
  awaitingContinue.add(request);
}

export const isAwaitingContinue = (request: object): boolean => awaitingContinue.has(request);

/** The announced length in bytes; `undefined`: a chunked body of any length. A request without a body has 0. */
export function bodyLength(ctx: Context): number | undefined {
  if (ctx.get('Transfer-Encoding') !== '') return undefined;
  return Number(ctx.get('Content-Length') || 0);
}

/**
 * Hands the body to `read`. The signal aborts with BODY_TIMEOUT when no byte has come for `idleTimeout` milliseconds although somebody was
 * waiting for one.
 */
export async function withBody<T>(
  ctx: Context,
  idleTimeout: number,
  read: (body: Readable, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const {req, res} = ctx;
  if (awaitingContinue.delete(req)) res.writeContinue();
  const controller = new AbortController();
  const {socket} = req;
  let seen = socket.bytesRead;
  // Counted in looks and not by the clock: a process that stood still has not looked, and what came meanwhile waits for it.
  const pause = Math.max(10, Math.min(5000, idleTimeout / 4));
  let silence = 0;
  const timer = setInterval(() => {
    // While nobody reads, or the body is paused, it is the disk that is slow.
    const isMoving = socket.bytesRead !== seen || req.readableFlowing !== true;
    seen = socket.bytesRead;
    silence = isMoving ? 0 : silence + pause;
    if (silence >= idleTimeout) controller.abort(new RegistryError('BODY_TIMEOUT'));
  }, pause);
  try {
    return await read(req, controller.signal);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Frees a chunk of a body at once. Left to the garbage collector they pile up to hundreds of megabytes, and have it look through everything again and
 * again: it counts the memory and not how easily it could be had.
 */
export function free({buffer, byteLength}: Uint8Array): void {
  // Node gives each chunk a memory of its own.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

interface BodyLimits {
  readonly maxBytes: number;
  /** In milliseconds. */
  readonly idleTimeout: number;
  /** What a larger one is answered. */
  readonly tooLarge: Error;
  /** All of it has to come within the time for silence: nobody has shown yet who he is, and it is small. */
  readonly isFromStranger?: boolean;
}

/** The whole of a small body. Throws `tooLarge` before it is read, where the length is known. */
export async function readBody(
  ctx: Context,
  {maxBytes, idleTimeout, tooLarge, isFromStranger = false}: BodyLimits,
): Promise<Buffer> {
  if ((bodyLength(ctx) ?? 0) > maxBytes) throw tooLarge;
  return withBody(ctx, idleTimeout, async (body, signal) => {
    const {promise, resolve, reject} = Promise.withResolvers<Buffer>();
    const late = (): void => {
      reject(new RegistryError('BODY_TIMEOUT'));
    };
    const end = isFromStranger ? setTimeout(late, idleTimeout) : undefined;
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(tooLarge);
      else chunks.push(chunk);
    });
    body.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    const broken = (cause?: Error): void => {
      reject(new RegistryError('SIZE_INVALID', {message: 'the body broke off', cause}));
    };
    body.once('error', broken);
    // Whoever left before anybody read is told of no more.
    if (body.destroyed) broken();
    signal.addEventListener('abort', () => {
      reject(signal.reason as RegistryError);
    });
    return promise.finally(() => {
      clearTimeout(end);
    });
  });
}
