/** What a server tells Prometheus. */
import type {InProcess} from './in-process.ts';

type Place = Pick<InProcess, 'metricsUrl'>;

/** For the settings. */
export const metrics = {listen: ['127.0.0.1:0']};

export async function scrape({metricsUrl = ''}: Place): Promise<string> {
  const answer = await fetch(`${metricsUrl}/metrics`);
  if (!answer.headers.get('Content-Type')?.startsWith('text/plain')) throw new Error('no metrics');
  return answer.text();
}

/** The value of one line; `undefined` where it is not there. */
export async function findValue(place: Place, line: string): Promise<number | undefined> {
  const found = (await scrape(place)).split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length));
}

/** The value of one line; 0 where it is not there yet. */
export const valueOf = async (place: Place, line: string): Promise<number> =>
  (await findValue(place, line)) ?? 0;
