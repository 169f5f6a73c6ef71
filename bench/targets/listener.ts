/** Which process of this machine listens on a port, as far as this user may know. */
import {readdir, readFile, readlink} from 'node:fs/promises';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
/** As /proc/net/tcp writes LISTEN. */
const listening = '0A';

/** `undefined`: it is not of this machine, or somebody else's. */
export async function listenerOf(url: URL): Promise<number | undefined> {
  if (!loopback.has(url.hostname)) return undefined;
  const inodes = await listeningInodes(Number(url.port) || (url.protocol === 'https:' ? 443 : 80));
  for (const pid of await namesIn('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const file of await namesIn(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (inodes.has(target)) return Number(pid);
    }
  }
  return undefined;
}

/** As links in /proc name them: socket:[4711] */
async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(wanted) && state === listening)
    .map((fields) => `socket:[${fields[9] ?? ''}]`);
  return new Set(inodes);
}

function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
