/** Why the files of a layer can't be shown: a sentence for a person. */
export class Refusal extends Error {
  /** In milliseconds: so long nobody need look again. */
  readonly lastsFor: number;
  /** The layer's digest, as the manifest names it. */
  layer: string | undefined;

  constructor(message: string, {lastsFor = 600_000, ...options}: RefusalOptions = {}) {
    super(message, options);
    this.name = 'Refusal';
    this.lastsFor = lastsFor;
  }
}

interface RefusalOptions extends ErrorOptions {
  readonly lastsFor?: number;
}
