/**
 * How often properties are tried, and from which seed. `FAST_CHECK_SEED=42 npx ava FILE` repeats a run that failed (the failure names
 * its seed), `FAST_CHECK_RUNS=100000` makes it long.
 */

const {FAST_CHECK_SEED: seed, FAST_CHECK_RUNS: runs} = process.env;

/** So many tries in a run of all tests. */
export function tries(numRuns: number): {
  readonly numRuns: number;
  readonly seed?: number;
  readonly includeErrorInReport: true;
} {
  return {
    numRuns: runs === undefined ? numRuns : Number(runs),
    includeErrorInReport: true,
    ...(seed === undefined ? {} : {seed: Number(seed)}),
  };
}

/** Whether so many milliseconds are over, and the rest of the tries may be left out; never where a number of tries was asked for. */
export function patience(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => runs === undefined && performance.now() > end;
}
