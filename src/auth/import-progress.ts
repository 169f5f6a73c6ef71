/** How far the import is that is under way: there is one at a time. */

export interface ImportedSoFar {
  /** Rows that were read. */
  readonly done: number;
  readonly all: number;
}

export class ImportProgress {
  #current: ImportedSoFar | undefined;

  /** Absent: none is under way. */
  get current(): ImportedSoFar | undefined {
    return this.#current;
  }

  /** False: another one is under way. Who begins ends it. */
  begin(): boolean {
    if (this.#current) return false;
    this.#current = {done: 0, all: 0};
    return true;
  }

  note(so: ImportedSoFar): void {
    this.#current = so;
  }

  end(): void {
    this.#current = undefined;
  }
}
