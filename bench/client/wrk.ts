/** GETs by wrk, which is written in C and costs less than any server that it asks. */
import {spawn} from 'node:child_process';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';
import {once} from 'node:events';
import {requireProgram} from '../programs.ts';
import type {Rate, Storm} from './storm.ts';

const script = fileURLToPath(new URL('wrk.lua', import.meta.url));
const report = z.object({
  requests: z.number(),
  microseconds: z.number(),
  p50: z.number(),
  p99: z.number(),
  errors: z.number(),
  cpuSeconds: z.number(),
});

/** Throws if any answer was missing or no 2xx. */
export async function wrk({
  url,
  path,
  headers,
  connections,
  seconds,
}: Storm): Promise<{readonly rate: Rate; readonly cpuSeconds: number}> {
  const words = ['-t', '1', '-c', String(connections), '-d', `${Math.ceil(seconds)}s`];
  const heads = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const child = spawn(requireProgram('wrk'), [...words, ...heads, '-s', script, url + path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It knows whole seconds only; asked to stop, it tells what it has counted so far.
  const timer = setTimeout(() => child.kill('SIGINT'), seconds * 1000);
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  clearTimeout(timer);
  const line = /^RESULT (.*)$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk left no result:\n${output}`);
  const {requests, microseconds, p50, p99, errors, cpuSeconds} = report.parse(JSON.parse(line));
  if (errors > 0 || requests === 0) throw new Error(`wrk: ${requests} requests, ${errors} errors`);
  const [rate, answers] = [(requests / microseconds) * 1e6, requests];
  return {rate: {rate, p50: p50 / 1000, p99: p99 / 1000, answers}, cpuSeconds};
}
