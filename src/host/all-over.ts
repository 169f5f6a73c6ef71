/** Waits until all are over, whatever becomes of one, and rejects as the first in the list that failed: nothing goes on after it. */
export async function allOver<T extends readonly unknown[]>(
  work: readonly [...T],
): Promise<{-readonly [At in keyof T]: Awaited<T[At]>}> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
