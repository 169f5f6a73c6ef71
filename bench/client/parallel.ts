/** Work shared out over a number of connections. */
import {Connection} from './connection.ts';

/** Each connection takes the next item as soon as it is done with one. The first failure ends it all. */
export async function inParallel<T>(
  url: string,
  connections: number,
  items: readonly T[],
  work: (connection: Connection, item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const open = Array.from({length: Math.min(connections, items.length)}, () => new Connection(url));
  try {
    await Promise.all(
      open.map(async (connection) => {
        for (const [index, item] of queue) await work(connection, item, index);
      }),
    );
  } finally {
    for (const connection of open) connection.close();
  }
}
