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

/**
 * Asked before each try: whether so many milliseconds are over, and the rest may be left out. Not before the `least` tries were made, however
 * slow the machine is; and never where a number of tries was asked for.
 */
export function patience(milliseconds: number, least: number): () => boolean {
  const end = performance.now() + milliseconds;
  let tried = 0;
  return () => {
    if (runs === undefined && tried >= least && performance.now() > end) return true;
    tried += 1;
    return false;
  };
}
