/**
 * One process of this host at a time. The lock is an abstract socket of Linux: the kernel frees it with its holder, also after a kill -9, and nothing
 * is left in the directory. Elsewhere there is none.
 */
import {createHash} from 'node:crypto';
import {realpath} from 'node:fs/promises';
import {connect, createServer, type Server, type Socket} from 'node:net';

/** In milliseconds. Then the work goes on without the lock: whoever knows the name could hold it for ever. */
const patience = 10_000;

export async function withHostLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return work();
  const release = await take(`\0holdfast-certificates-${await nameOf(directory)}`);
  try {
    return await work();
  } finally {
    release();
  }
}

const nameOf = async (directory: string): Promise<string> =>
  createHash('sha256')
    .update(await realpath(directory))
    .digest('hex');

/** For work that takes long: nobody waits. Answers what lets go of it; `undefined`: another process has it. */
export async function tryHostLock(
  directory: string,
  purpose: string,
): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux') return () => undefined;
  const server = createServer((socket) => socket.destroy());
  const isOurs = await isTaken(server, `\0holdfast-${purpose}-${await nameOf(directory)}`);
  return isOurs ? () => void server.close() : undefined;
}

async function take(path: string): Promise<() => void> {
  const deadline = performance.now() + patience;
  while (performance.now() < deadline) {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket.on('error', () => socket.destroy()));
    });
    if (await isTaken(server, path)) {
      return () => {
        server.close();
        for (const socket of waiting) socket.destroy();
      };
    }
    await untilFree(path, deadline - performance.now());
  }
  return () => undefined;
}

/** Whether the name is ours now. */
async function isTaken(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(path, () => {
      resolve(true);
    });
  });
}

/** The holder keeps the connection until it lets go. */
async function untilFree(path: string, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const timer = setTimeout(() => socket.destroy(), Math.max(0, timeout));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
  });
}
