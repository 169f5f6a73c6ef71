/** Where the socket of the administration is: HTTP to the running server, for whoever is its user or root. */
import {access, constants, open} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

/** In the directory run/. */
export const socketName = 'admin.sock';

/** Rejects as a connection would where none is: who asks by HTTP need not load it then. */
export const requireSocket = async (path: string): Promise<void> => access(path);
/** In which a command says whose it is: the user of the system. */
export const operatorHeader = 'holdfast-operator';

/** What the kernel takes for the path of a socket, in bytes: 108 on Linux, and less elsewhere. */
const longest = 100;

/** Hands `work` a path of the socket that is short enough, however deep its directory lies. */
export async function withShortPath<T>(
  path: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  if (Buffer.byteLength(path) <= longest || process.platform !== 'linux') return work(path);
  const directory = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await work(join(`/proc/self/fd/${directory.fd}`, basename(path)));
  } finally {
    await directory.close();
  }
}
