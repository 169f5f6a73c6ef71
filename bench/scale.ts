/** How much of everything: the full run, and one that is over in two minutes. */

export type Scale = {
  readonly quick: boolean;
  readonly rounds: number;
  /** A layer that is pushed and pulled alone; bytes. */
  readonly large: number;
  readonly medium: {readonly count: number; readonly size: number};
  readonly small: {readonly count: number; readonly size: number};
  readonly chunks: {readonly count: number; readonly size: number};
  /** Small ones that are pushed one after the other. */
  readonly images: number;
  readonly clients: {readonly count: number; readonly size: number};
  /** Of a measurement that counts requests; seconds. */
  readonly duration: number;
  readonly names: number;
  readonly blobs: number;
};

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const GiB = 2 ** 30;

export const full: Scale = {
  quick: false,
  rounds: 5,
  large: GiB,
  medium: {count: 16, size: 64 * MiB},
  small: {count: 500, size: 16 * KiB},
  chunks: {count: 1000, size: MiB},
  images: 150,
  clients: {count: 16, size: GiB},
  duration: 3,
  names: 10_000,
  blobs: 100_000,
};

export const quick: Scale = {
  quick: true,
  rounds: 1,
  large: 64 * MiB,
  medium: {count: 16, size: 4 * MiB},
  small: {count: 50, size: 16 * KiB},
  chunks: {count: 32, size: MiB},
  images: 20,
  clients: {count: 16, size: 16 * MiB},
  duration: 0.3,
  names: 1000,
  blobs: 5000,
};

/** 1 GiB, 64 MiB, 16 KiB */
export function size(bytes: number): string {
  if (bytes >= GiB && bytes % GiB === 0) return `${bytes / GiB} GiB`;
  return bytes >= MiB ? `${bytes / MiB} MiB` : `${bytes / KiB} KiB`;
}
