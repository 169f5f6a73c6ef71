/** Whether somebody has been answered by now. */
export class Awaited<T> {
  readonly answer: Promise<T>;
  isOver = false;

  constructor(answer: Promise<T>) {
    this.answer = answer.finally(() => {
      this.isOver = true;
    });
  }
}

/** Begun when it is first asked for. */
export function lazily<T>(begin: () => Promise<T>): () => Awaited<T> {
  let awaited: Awaited<T> | undefined;
  return () => (awaited ??= new Awaited(begin()));
}
