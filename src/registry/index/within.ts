/** Waits for something, but not for ever. */

/** `undefined`: it took longer, in milliseconds; it goes on. */
export async function within<T>(work: Promise<T>, patience: number): Promise<T | undefined> {
  const {promise, resolve} = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
  }, patience);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
