/** Which known name somebody meant. */

/** Spelling without what people mix up: `drain_timeout`, `drain-timeout` and `drainTimeout` are one. */
const plain = (name: string): string => name.replaceAll(/[-_. ]/g, '').toLowerCase();

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known name nearest to a wrong one, if it is near enough to be meant. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  // Nobody types a name of a hundred letters; the distance costs their product.
  if (wrong.length > 100) return undefined;
  const [best] = known
    .map((name) => ({name, far: distance(plain(wrong), plain(name))}))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= Math.max(1, wrong.length / 4) ? best.name : undefined;
}
