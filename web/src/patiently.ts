/** A part of the pages that did not come is asked for again: networks come and go, and what somebody types beside it must not go with them. */
const mostAttempts = 4;
/** In milliseconds, after the first attempt; longer after each. */
const pause = 500;

export const patiently =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    for (let attempt = 1; ;) {
      try {
        return await load();
      } catch (error) {
        if (!navigator.onLine) {
          await new Promise((resolve) => {
            addEventListener('online', resolve, {once: true});
          });
          continue;
        }
        if (attempt === mostAttempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, attempt * pause));
        attempt += 1;
      }
    }
  };
