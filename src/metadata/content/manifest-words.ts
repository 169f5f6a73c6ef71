/** Labels and annotations as they are searched for. */
import type {ManifestWordsTable} from './schema.ts';

/** Of a name or a value; what is longer is found by its beginning. */
export const longestWord = 255;

type Words = Readonly<Record<string, string>>;

/** What stands in both counts once. */
export function wordRows(
  manifest: string,
  {annotations, labels}: {readonly annotations: Words; readonly labels: Words},
): readonly ManifestWordsTable[] {
  const known = new Map<string, readonly [string, string]>();
  for (const [name, value] of [...Object.entries(annotations), ...Object.entries(labels)]) {
    const pair = [name.slice(0, longestWord), value.slice(0, longestWord)] as const;
    known.set(JSON.stringify(pair), pair);
  }
  return [...known.values()].map(([name, value], position) => ({manifest, position, name, value}));
}
