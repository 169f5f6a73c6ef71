/** How long a question takes that is asked again and again, as a row of a table. */
import {percentile} from './statistics.ts';

export const tableHead = '| ms | median | p99 |\n|---|---|---|\n';

/** Asks and prints. */
export async function timedRow(
  what: string,
  rounds: number,
  ask: () => Promise<unknown>,
): Promise<void> {
  const times = new Float64Array(rounds);
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await ask();
    times[round] = performance.now() - began;
  }
  times.sort();
  const [median, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  process.stdout.write(`| ${what} | ${median.toFixed(1)} | ${p99.toFixed(1)} |\n`);
}
