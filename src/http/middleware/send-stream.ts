/** Sends an object's stream, and gives each chunk back to it as soon as the system has taken the bytes. */
import {Readable} from 'node:stream';
import type {ServerResponse} from 'node:http';
import type {Metrics} from '../../observability/metrics.ts';
import type {ObjectStream} from '../../storage/driver.ts';
import type {Middleware} from '../context.ts';

/** `metrics` count the bytes of blobs. */
export const sendStream =
  ({content}: Pick<Metrics, 'content'>): Middleware =>
  async (ctx, next) => {
    await next();
    const {res} = ctx;
    const body: unknown = ctx.body;
    if (!(body instanceof Readable)) return;
    ctx.respond = false;
    body.once('error', (error) => {
      // The client has to notice that what it got is not whole.
      res.destroy();
      ctx.onerror(error);
    });
    // Koa destroys the stream when the answer is over, however it ended.
    const {state} = ctx;
    const isBlob = state.route === 'blob';
    state.streamed = 0;
    send(body, res, (bytes) => {
      state.streamed = (state.streamed ?? 0) + bytes;
      if (isBlob) content.sentBytes.inc(bytes);
    });
  };

function send(
  source: ObjectStream,
  answer: ServerResponse,
  onBytes: (bytes: number) => void,
): void {
  source.on('data', (chunk: Uint8Array) => {
    onBytes(chunk.byteLength);
    const isRoomLeft = answer.write(chunk, (error) => {
      // What a broken connection still holds is left to it.
      if (!error) source.recycle?.(chunk);
    });
    if (!isRoomLeft) source.pause();
  });
  answer.on('drain', () => source.resume());
  source.once('end', () => answer.end());
}
