/**
 * What a push costs with ten receivers of all that happens, beside one with none: `node bench/webhooks.ts [IMAGES] [ROUNDS]`, by default 100, nine times, in turns.
 * The receivers are a process of their own on the same machine.
 */
import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {Client} from './client/client.ts';
import {startOwnServer} from './own-server.ts';
import {median} from './statistics.ts';

const receivers = 10;

/** In the child: takes everything, and says where. */
function receive(): void {
  const server = createServer((request, response) => {
    request.resume();
    response.end();
  });
  process.on('disconnect', () => {
    process.exit();
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.send?.(address?.port);
  });
}

async function compare(images: number, rounds: number): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
  const receiver = fork(import.meta.filename, ['receive'], {execArgv: []});
  const [port] = (await once(receiver, 'message')) as [number];
  const endpoints = Array.from({length: receivers}, (_, at) => ({
    name: `receiver-${at}`,
    url: `http://127.0.0.1:${port}/`,
    actions: ['push', 'delete'],
    ignoreMediaTypes: ['application/octet-stream'],
  }));
  for (const name of ['plain', 'told']) await mkdir(path.join(home, name));
  const plain = await startOwnServer(path.join(home, 'plain'));
  const told = await startOwnServer(path.join(home, 'told'), {
    HOLDFAST_NOTIFICATIONS_ENDPOINTS: JSON.stringify(endpoints),
  });
  const client = new Client();
  const times = new Map<string, number[]>();
  const push = async (name: string, url: string, round: number, connections: number) => {
    const seed = `${name}/${round}/${connections}`;
    const content = {seed, sizes: Array.from({length: images}, () => 16_384)};
    await client.do({kind: 'prepare', content});
    const repository = `bench/${seed}`;
    const job = {kind: 'push', url, repository, content, connections, apart: true} as const;
    const {seconds} = await client.do(job);
    // The first ones warm up.
    if (round === 0) return;
    const key = `${name}, ${connections} at once`;
    times.set(key, [...(times.get(key) ?? []), (1000 * seconds) / images]);
  };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const connections of [1, 8]) {
        await push('plain', plain.url, round, connections);
        await push('told', told.url, round, connections);
      }
    }
    for (const connections of [1, 8]) {
      const [without, with10] = ['plain', 'told'].map((name) =>
        median(times.get(`${name}, ${connections} at once`) ?? []),
      );
      process.stdout.write(
        `${connections} at once: ${without?.toFixed(2)} ms without, ${with10?.toFixed(2)} ms with ${receivers} receivers: ${((with10 ?? NaN) / (without ?? NaN)).toFixed(3)}\n`,
      );
    }
  } finally {
    await client.close();
    await Promise.all([plain.stop(), told.stop()]);
    receiver.kill();
    await rm(home, {recursive: true});
  }
}

const [first, second] = process.argv.slice(2);
if (first === 'receive') receive();
else await compare(Number(first ?? 100), Number(second ?? 9));
