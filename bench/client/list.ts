/** Reads whole lists: in one page where the server gives them so, or page after page. */
import {Connection} from './connection.ts';

export type ListJob = {
  readonly kind: 'list';
  readonly url: string;
  /** `/v2/_catalog` */
  readonly path: string;
  /** How many names must come, at least. */
  readonly names: number;
  readonly connections: number;
  readonly seconds: number;
};

export type Listed = {
  /** Milliseconds of each whole list. */
  readonly milliseconds: readonly number[];
  /** Whole lists a second, over all connections. */
  readonly rate: number;
};

/** What servers allow that don't give it all at once. */
const usualPage = 1000;

/** Lists again and again, each connection at least once. Throws if a first list is not complete. */
export async function list(job: ListJob): Promise<Listed> {
  const open = Array.from({length: job.connections}, () => new Connection(job.url));
  const milliseconds: number[] = [];
  try {
    const first = open[0] ?? new Connection(job.url);
    const start = await firstPage(first, job);
    const names = await readList(first, start, countNames);
    if (names < job.names) throw new Error(`${start} led to ${names} names of ${job.names}`);
    const started = performance.now();
    await Promise.all(
      open.map(async (connection) => {
        do {
          const asked = performance.now();
          await readList(connection, start, () => 0);
          milliseconds.push(performance.now() - asked);
        } while (performance.now() - started < job.seconds * 1000);
      }),
    );
    return {milliseconds, rate: (milliseconds.length / (performance.now() - started)) * 1000};
  } finally {
    for (const connection of open) connection.close();
  }
}

/** All in one page, unless the server refuses so large a page. */
async function firstPage(connection: Connection, {path, names}: ListJob): Promise<string> {
  const whole = `${path}?n=${names}`;
  const {status} = await connection.request({method: 'GET', path: whole});
  return status === 200 ? whole : `${path}?n=${usualPage}`;
}

async function readList(
  connection: Connection,
  start: string,
  count: (body: Buffer) => number,
): Promise<number> {
  let total = 0;
  let next: string | undefined = start;
  while (next !== undefined) {
    const {headers, body} = await connection.expect(200, {method: 'GET', path: next});
    total += count(body);
    next = nextPath(headers.get('link'));
  }
  return total;
}

function countNames(body: Buffer): number {
  const answer = JSON.parse(body.toString()) as {tags?: unknown[]; repositories?: unknown[]};
  return (answer.tags ?? answer.repositories ?? []).length;
}

function nextPath(link: string | undefined): string | undefined {
  const target = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  const url = new URL(target, 'http://registry');
  return url.pathname + url.search;
}
