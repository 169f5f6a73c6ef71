/** How a node lies in the memory of a tree. */

/** Where the fields of a node begin. */
export const at = {
  parent: 0,
  first: 4,
  next: 8,
  nameStart: 12,
  targetStart: 16,
  nameLength: 20,
  targetLength: 22,
  mode: 24,
  layer: 26,
  contentLayer: 28,
  kind: 30,
  flags: 31,
  uid: 32,
  gid: 36,
  size: 40,
  time: 48,
  offset: 56,
  bytesBelow: 64,
  filesBelow: 72,
  pathLength: 76,
  digest: 80,
  end: 112,
} as const;

/** Bits of `flags`. */
export const flag = {
  isLive: 1,
  /** What lies below is deleted: it itself, or all in it. */
  isHiding: 2,
  isOpaque: 4,
  hasDigest: 8,
  isImplied: 16,
} as const;
