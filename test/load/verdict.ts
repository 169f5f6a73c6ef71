/** Whether memory grows, as far as its noise lets one tell. */
export interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  /** In bytes. */
  readonly rss: number;
}

const MiB = 1024 * 1024;
/** What the allocator's and the collector's moods explain. */
const tolerance = 64 * MiB;

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** The median of the slopes between all pairs (Theil and Sen): a few outliers don't move it. In bytes a second. */
export function slope(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((one, index) =>
    samples.slice(index + 1).map((other) => (other.rss - one.rss) / (other.at - one.at)),
  );
  return median(slopes);
}

export interface Verdict {
  readonly text: string;
  readonly isGrowing: boolean;
}

/** Growing: the second half rises by more than the tolerance, or its end lies above the second quarter by 5 % and the tolerance. */
export function verdict(samples: readonly Sample[]): Verdict {
  const quarter = Math.floor(samples.length / 4);
  const secondHalf = samples.slice(quarter * 2);
  const seconds = (secondHalf.at(-1)?.at ?? 0) - (secondHalf[0]?.at ?? 0);
  const rise = slope(secondHalf) * seconds;
  const rssOf = (some: readonly Sample[]) => median(some.map(({rss}) => rss));
  const former = rssOf(samples.slice(quarter, quarter * 2));
  const latter = rssOf(samples.slice(quarter * 3));
  const shown = [former, latter, rise].map((bytes) => (bytes / MiB).toFixed(1));
  return {
    text: `RSS: median of the second quarter ${shown[0] ?? ''} MiB, of the last ${shown[1] ?? ''} MiB; the second half rises by ${shown[2] ?? ''} MiB in ${seconds.toFixed(0)} s`,
    isGrowing: rise > tolerance || latter > former * 1.05 + tolerance,
  };
}
