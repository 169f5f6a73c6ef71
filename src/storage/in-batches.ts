/** What comes one by one, so many at a time. The last batch is not full; it may be empty. */
export async function* inBatches<T>(
  source: AsyncIterable<T>,
  size: number,
): AsyncGenerator<readonly T[], void> {
  let batch: T[] = [];
  for await (const item of source) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
