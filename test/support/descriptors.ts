/** What the system says this process holds open: files by their place, connections by their port. */
import {readdir, readFile, readlink} from 'node:fs/promises';
import path from 'node:path';

/** Open files below a directory. */
export async function openFiles(directory: string): Promise<readonly string[]> {
  const numbers = await readdir('/proc/self/fd');
  const targets = await Promise.all(
    // One that is closed meanwhile is not open.
    numbers.map(async (number) => readlink(path.join('/proc/self/fd', number)).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith(`${directory}/`));
}

const states = {listening: '0A', timeWait: '06'};

/** Sockets that belong to a local port: `listening` ones, or the connections that were accepted there and still hold a descriptor. */
export async function socketsAt(port: number, kind: 'listening' | 'accepted'): Promise<number> {
  const tables = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
  const lines = (await Promise.all(tables.map(async (table) => readFile(table, 'utf8'))))
    .join('\n')
    .split('\n');
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return lines.filter((line) => {
    const [, local = '', , state = '', , , , , , inode] = line.trim().split(/\s+/);
    if (!local.endsWith(suffix) || inode === '0' || state === states.timeWait) return false;
    return (state === states.listening) === (kind === 'listening');
  }).length;
}
