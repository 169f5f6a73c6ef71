/** Bytes that a seed decides, and sizes around every buffer's boundary. */
import {createCipheriv, createHash} from 'node:crypto';

const KiB = 1024;
const MiB = 1024 * KiB;

export const smallSizes = [1, 2, 100, 4096] as const;
export const boundarySizes = [
  64 * KiB - 1,
  64 * KiB,
  64 * KiB + 1,
  MiB - 1,
  MiB,
  MiB + 1,
  2 * MiB - 1,
  2 * MiB,
  2 * MiB + 1,
  3 * MiB + 12_345,
] as const;

export function seededBytes(seed: string, size: number): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
