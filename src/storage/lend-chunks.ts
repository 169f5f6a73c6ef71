/** Reads a stream for whoever looks at each chunk once: its memory goes back when the next is asked for. */
import type {ObjectStream} from './driver.ts';

export async function* lendChunks(content: ObjectStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    yield chunk;
    content.recycle?.(chunk);
  }
}
