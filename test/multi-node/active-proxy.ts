/** Before several nodes: each connection goes to one that is active; where none is, it is refused. */
import {once} from 'node:events';
import net, {type AddressInfo, type Socket} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import type {Lifetime} from '../support/lifetime.ts';
import {exchange} from './exchange.ts';

export interface Proxy {
  readonly url: string;
  readonly host: string;
  /** Those that said so when they were last asked. */
  readonly active: () => readonly string[];
}

/** Who asks nodes whether they are active, in milliseconds: between two questions, and until an answer is given up. */
interface Probes {
  readonly pause: number;
  readonly timeout: number;
}

const quick: Probes = {pause: 100, timeout: 1000};

/** `urls`: of all nodes, whether they run or not. */
export async function openProxy(
  life: Lifetime,
  urls: readonly string[],
  {pause, timeout}: Probes = quick,
): Promise<Proxy> {
  const isActive = new Map(urls.map((url) => [url, false]));
  const closing = new AbortController();
  const open = new Set<Socket>();
  let turn = 0;
  const active = () => urls.filter((url) => isActive.get(url) === true);
  const server = net.createServer({noDelay: true}, (client) => {
    const targets = active();
    const target = targets[(turn += 1) % Math.max(1, targets.length)];
    if (target === undefined) {
      client.resetAndDestroy();
      return;
    }
    const {hostname: host, port} = new URL(target);
    join(client, net.connect({host, port: Number(port), noDelay: true}), open);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const watching = urls.map(async (url) => {
    while (!closing.signal.aborted) {
      isActive.set(url, await answersActive(url, timeout));
      await setTimeout(pause);
    }
  });
  life.teardown(async () => {
    closing.abort();
    server.close();
    for (const socket of open) socket.destroy();
    await Promise.all(watching);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {url: `http://${host}`, host, active};
}

/** What breaks off on one side breaks off on the other. */
function join(client: Socket, node: Socket, open: Set<Socket>): void {
  for (const [one, other] of [
    [client, node],
    [node, client],
  ] as const) {
    open.add(one);
    one.pipe(other);
    one.once('error', () => other.resetAndDestroy());
    one.once('close', () => {
      open.delete(one);
      other.destroySoon();
    });
  }
}

const answersActive = async (url: string, timeout: number): Promise<boolean> =>
  exchange(url, '/healthz/active', {timeout}).then(
    ({status}) => status === 200,
    () => false,
  );
