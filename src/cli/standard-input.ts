/** The standard input as text, as much as may be and no more: who pipes a disk into a command must not fill the memory. */
import {Failure} from './failure.ts';

/** `what` it is for the sentence that refuses it. Throws a Failure. */
export async function readInput(what: string, longest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longest) {
      throw new Failure(`${what} is too long: at most ${longest} bytes are read`, {code: 2});
    }
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new Failure(`${what} is no UTF-8`, {code: 2, cause});
  }
}
