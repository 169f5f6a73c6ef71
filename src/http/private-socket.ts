/** A Unix socket of HTTP in the directory run/, which the user of the server and root alone may open. */
import {once} from 'node:events';
import {chmod, rename, rm, stat} from 'node:fs/promises';
import type http from 'node:http';
import {connect} from 'node:net';
import {join} from 'node:path';
import {errorCode} from '../host/error-code.ts';
import {withHostLock} from '../host/host-lock.ts';
import {withShortPath} from './administration-socket.ts';

interface PrivateSocket {
  /** Of mode 0700. */
  readonly directory: string;
  readonly name: string;
  readonly server: http.Server;
  /** In milliseconds: so long requests under way may take at the end. */
  readonly drainTimeout: number;
}

interface OpenSocket {
  readonly path: string;
  /** Lets requests finish, and takes the socket away. */
  close(): Promise<void>;
}

/** `undefined`: another server of this directory answers there already. */
export async function openPrivateSocket({
  directory,
  name,
  server,
  drainTimeout,
}: PrivateSocket): Promise<OpenSocket | undefined> {
  const path = join(directory, name);
  const own = `${path}.${process.pid}`;
  const inode = await withHostLock(directory, async () => {
    if (await isAlive(path)) return undefined;
    // It gets its name when nobody else may open it any more; what a dead server left is replaced.
    await rm(own, {force: true});
    await withShortPath(own, async (short) => listen(server, short));
    try {
      await chmod(own, 0o600);
      await rename(own, path);
      return (await stat(path)).ino;
    } catch (error) {
      server.close();
      throw error;
    }
  });
  if (inode === undefined) return undefined;
  return {
    path,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // Who has said nothing yet, or half of it, is not idle in the eyes of Node, and would be waited for for ever.
      const last = setTimeout(() => {
        server.closeAllConnections();
      }, drainTimeout);
      await removeOwn(directory, path, inode);
      await closed;
      clearTimeout(last);
    },
  };
}

/** The name may be another server's by now. */
async function removeOwn(directory: string, path: string, inode: number): Promise<void> {
  await withHostLock(directory, async () => {
    const found = await stat(path).catch(() => undefined);
    if (found?.ino === inode) await rm(path, {force: true});
  });
}

async function listen(server: http.Server, path: string): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(path);
  await listening;
}

/** Whether somebody answers there, and not only a file has been left. */
async function isAlive(path: string): Promise<boolean> {
  return withShortPath(
    path,
    async (short) =>
      new Promise((resolve, reject) => {
        const socket = connect(short);
        socket.once('connect', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', (error) => {
          const code = errorCode(error) ?? '';
          if (['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(code)) resolve(false);
          else reject(error);
        });
      }),
  );
}
