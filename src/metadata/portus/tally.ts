/** How much of each kind was taken over. */

const kinds = [
  'users',
  'teams',
  'memberships',
  'namespaces',
  'descriptions',
  'tokens',
  'webhooks',
  'stars',
  'comments',
  'activities',
] as const;
export type TallyKind = (typeof kinds)[number];

interface Counts {
  /** Now. */
  taken: number;
  /** In a former run, or there already. */
  before: number;
  left: number;
}

export interface Tallied extends Readonly<Counts> {
  readonly what: TallyKind;
}

export class Tally {
  readonly #counts = new Map<TallyKind, Counts>(
    kinds.map((kind) => [kind, {taken: 0, before: 0, left: 0}]),
  );

  add(kind: TallyKind, outcome: keyof Counts, number = 1): void {
    const counts = this.#counts.get(kind);
    if (counts) counts[outcome] += number;
  }

  list(): readonly Tallied[] {
    return [...this.#counts].map(([what, counts]) => ({what, ...counts}));
  }
}
