/** The bytes of one file in a layer: it is unpacked anew, up to there. */
import {Refusal} from './refusal.ts';
import {unpacked} from './unpacked.ts';

/** In bytes. */
export const mostShown = 512 * 1024;

/** At most `mostShown` bytes. Throws Refusal, and what the source fails with. */
export async function readContent(
  source: AsyncIterable<Uint8Array>,
  {
    offset,
    size,
    isPacked,
  }: {readonly offset: number; readonly size: number; readonly isPacked: boolean},
): Promise<Buffer> {
  const wanted = Math.min(size, mostShown);
  const parts: Uint8Array[] = [];
  let passed = 0;
  let length = 0;
  if (wanted === 0) return Buffer.alloc(0);
  for await (const chunk of isPacked ? unpacked(source) : source) {
    const part = chunk.subarray(Math.max(0, offset - passed));
    passed += chunk.length;
    if (passed <= offset) continue;
    parts.push(part.subarray(0, wanted - length));
    length += Math.min(part.length, wanted - length);
    if (length === wanted) return Buffer.concat(parts);
  }
  throw new Refusal('it ends in the middle');
}
