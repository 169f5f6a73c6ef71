/** How long something lives that a test needs: as long as the test, or as all tests of its file. */
import test, {type ExecutionContext} from 'ava';

export interface Lifetime {
  /** Done at its end; what came last goes first. */
  teardown(end: () => unknown): void;
  /** Shown where a test fails. */
  log(...values: unknown[]): void;
}

/**
 * What the tests of a file share: made for the first that asks, ended after the last. Call it once, beside the tests, and only for what no
 * test can spoil for another.
 */
export function shared<T>(
  make: (life: Lifetime) => Promise<T>,
): (t: ExecutionContext) => Promise<T> {
  const stack = new AsyncDisposableStack();
  let made: Promise<T> | undefined;
  test.after.always('what was shared ends', async () => stack.disposeAsync());
  return async (t) =>
    (made ??= make({
      teardown: (end) => {
        stack.defer(async () => {
          await end();
        });
      },
      log: (...values) => {
        t.log(...values);
      },
    }));
}
