/** Told by whoever meets an answer that nobody is signed in any more. */
type Listener = () => void;

export class SessionEnded {
  readonly #listeners = new Set<Listener>();

  /** Returns how not to be told any more. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
