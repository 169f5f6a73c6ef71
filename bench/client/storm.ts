/** The same request again and again on many connections: for HEAD, which wrk can't do. */
import {percentile} from '../statistics.ts';
import {openSocket} from './connection.ts';

export type Storm = {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
};

export type Rate = {
  /** Answers a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** All answers. */
  readonly answers: number;
};

/** Each connection asks again as soon as it was answered. Throws if an answer is no 200, or is missing. */
export async function storm({url, path, headers, connections, seconds}: Storm): Promise<Rate> {
  const place = new URL(url);
  const lines = Object.entries({Host: place.host, ...headers}).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = Buffer.from(`HEAD ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    Array.from({length: connections}, () =>
      askAgain(place, request, end, (ms) => latencies.push(ms)),
    ),
  );
  const elapsed = (performance.now() - started) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const answers = sorted.length;
  const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
  return {rate: answers / elapsed, p50, p99, answers};
}

function askAgain(
  url: URL,
  request: Buffer,
  end: number,
  answered: (milliseconds: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const {socket, opened} = openSocket(url);
    let asked = performance.now();
    let head = '';
    socket.on(opened, () => {
      asked = performance.now();
      socket.write(request);
    });
    socket.on('data', (bytes: Buffer) => {
      head += bytes.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      if (!head.startsWith('HTTP/1.1 200')) {
        socket.destroy(new Error(`answered ${head.slice(0, head.indexOf('\r\n'))}`));
        return;
      }
      head = '';
      const now = performance.now();
      answered(now - asked);
      if (now >= end) {
        socket.destroy();
        resolve();
      } else {
        asked = now;
        socket.write(request);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error(`${url.host} closed the connection`));
    });
  });
}
