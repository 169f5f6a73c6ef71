/** Of samples: the middle, the ends, and what most stay below. */

/** Of what is sorted; `share` from 0 to 1. */
export const percentile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export type Spread = {readonly median: number; readonly least: number; readonly most: number};

/** `undefined` of nothing. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return {median: median(values), least: Math.min(...values), most: Math.max(...values)};
}
