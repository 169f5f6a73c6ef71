/** Who has put on disk what he says he has: the calls that force it there, counted during a push. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {Measurement} from '../measurement.ts';
import {requireProgram} from '../programs.ts';

const calls = 'fsync,fdatasync,sync_file_range,syncfs,sync,msync';
const layers = 3;

export const syncs: Measurement = {
  id: 'syncs',
  group: 'Durability',
  title: `calls of fsync and its kin during the push of an image with ${layers} layers`,
  metrics: [
    {name: 'of files', unit: 'calls', better: 'more'},
    {name: 'of directories', unit: 'calls', better: 'more'},
  ],
  needs: ['strace'],
  maxRounds: 1,
  warmsUp: false,
  refuses: ({isRemote = false, protocols}) => {
    if (isRemote) return 'its process is not ours to watch';
    return protocols.includes('http') ? undefined : 'no http';
  },
  open: async (target, bench) => {
    const server = await bench.start(target, 'http');
    return {
      // strace slows it down: neither its memory nor its processor time is of interest.
      pid: undefined,
      round: async (round) => {
        const file = join(bench.directory, `strace-${target.name}-${round}`);
        const stop = await trace(server.pid ?? 0, file);
        await bench.client.do({
          kind: 'push',
          url: server.url,
          repository: `bench/syncs-${round}`,
          content: {
            seed: `${bench.run}/syncs/${round}`,
            sizes: Array.from({length: layers}, () => 2 ** 20),
          },
          connections: 1,
        });
        await stop();
        return {values: await countSyncs(file)};
      },
      close: () => server.stop(),
    };
  },
};

/** What is synced is named by strace, and looked at now: a file that is gone was no directory. */
async function countSyncs(file: string): Promise<Record<string, number>> {
  const text = await readFile(file, 'utf8');
  const pattern = new RegExp(`\\b(?:${calls.replaceAll(',', '|')})\\((?:\\d+<([^>]*)>)?`, 'g');
  const paths = [...text.matchAll(pattern)].map(([, path = '']) => path);
  const kinds = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    ),
  );
  const directories = kinds.filter((isDirectory) => isDirectory).length;
  return {'of files': kinds.length - directories, 'of directories': directories};
}

/** Watches every thread of a process from now on; the answer ends it. */
async function trace(pid: number, file: string): Promise<() => Promise<void>> {
  const words = ['-f', '-y', '-e', `trace=${calls}`, '-o', file, '-p', String(pid)];
  const child = spawn(requireProgram('strace'), words, {stdio: ['ignore', 'ignore', 'pipe']});
  const closed = once(child, 'close');
  let said = '';
  for await (const chunk of child.stderr.iterator({destroyOnReturn: false})) {
    said += String(chunk);
    if (said.includes('attached')) {
      child.stderr.resume();
      return async () => {
        child.kill('SIGINT');
        await closed;
      };
    }
  }
  throw new Error(`strace did not begin: ${said}`);
}
