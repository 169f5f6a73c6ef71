/**
 * Buffers for reading large objects, used again and again: a fresh one costs a page fault for every 4 KiB, and so about as much time as the
 * reading itself. The more streams are open, the smaller are their buffers: thousands of slow readers share the same memory.
 */
const largest = 512 * 1024;
const smallest = 32 * 1024;
/** What the buffers of all streams together should take, in bytes; each stream has two on the way. */
const budget = 32 * largest;
/** Buffers of the largest size that wait for the next stream: all that may be on the way, or many streams would have fresh ones all the time. */
const mostFree = budget / largest;

export class BufferPool {
  readonly #free: Buffer[] = [];
  #streams = 0;

  /** A stream that takes buffers from now on. */
  join(): void {
    this.#streams += 1;
  }

  leave(): void {
    this.#streams -= 1;
  }

  /** For `wanted` bytes, or fewer. */
  take(wanted: number): Buffer {
    const share = Math.max(smallest, budget / 2 / this.#streams);
    const size = Math.min(wanted, share, largest);
    if (size < largest / 2) return Buffer.allocUnsafeSlow(size);
    return (this.#free.pop() ?? Buffer.allocUnsafeSlow(largest)).subarray(0, size);
  }

  /** Nobody looks at the bytes any more: any part of a buffer gives back the whole. Not to be called twice. */
  give({buffer}: Uint8Array): void {
    if (buffer.byteLength !== largest || this.#free.length >= mostFree) return;
    this.#free.push(Buffer.from(buffer));
  }
}
