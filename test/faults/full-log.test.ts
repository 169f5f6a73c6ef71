/** A log that can't be written: the registry matters more. */
import {readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {until} from '../support/raw-request.ts';
import {startServe} from '../support/serve-process.ts';
import {memoryDirectory, temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';

/** Serves with its standard output into a file. */
async function serveInto(t: ExecutionContext, log: string) {
  const directory = await memoryDirectory(t);
  const serving = await startServe(t, {
    configFile: path.join(directory, 'holdfast.yaml'),
    config: {
      dataDir: path.join(directory, 'data'),
      http: {listen: ['127.0.0.1:0']},
      tls: {mode: 'off'},
      auth: {mode: 'none'},
      metrics: {listen: ['127.0.0.1:0']},
    },
    prefix: ['sh', '-c', `exec "$@" > ${log}`, 'sh'],
  });
  const ask = async (name: string): Promise<number> =>
    (await fetch(`${serving.url}/v2/${name}/tags/list`)).status;
  return {...serving, ask};
}

test('a registry without room for its log answers, and stops as it should', async (t) => {
  const {service, ask} = await serveInto(t, '/dev/full');
  for (let count = 0; count < 150; count++) t.is(await ask('a'), 404);
  // More than waits for room.
  for (let count = 0; count < 150; count++) await ask('b'.repeat(900));
  const [, metricsUrl = ''] = /Metrics are on (\S+)/.exec(service.output()) ?? [];
  const text = await (await fetch(metricsUrl)).text();
  const [, lost = ''] = /^holdfast_log_lost_lines_total\{log="main"\} (\d+)$/m.exec(text) ?? [];
  t.true(Number(lost) > 0, lost);
  await service.stop();
  t.notRegex(service.output(), /ENOSPC/);
});

testUnless(
  process.getuid?.() === 0 ? [] : ['only root may mount'],
  'a log that has room again goes on with whole lines, and tells how many are missing',
  async (t) => {
    const disk = await temporaryDirectory(t);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    t.teardown(async () => run('umount', ['--lazy', disk]));
    const log = path.join(disk, 'log');
    const {ask} = await serveInto(t, log);
    const filler = path.join(disk, 'filler');
    await t.throwsAsync(writeFile(filler, Buffer.alloc(8_000_000)), {code: 'ENOSPC'});
    for (let count = 0; count < 300; count++) await ask('b'.repeat(900));
    await rm(filler);
    await ask('last');
    await ask('last');
    const messages = async () => {
      const text = await readFile(log, 'utf8');
      // It is looked at in the middle of a line that is being written.
      if (!text.endsWith('\n')) return [];
      const lines = text.trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as {msg: string; lines?: number});
    };
    const gapIn = (all: Awaited<ReturnType<typeof messages>>) =>
      all.findIndex(({msg}) => msg.startsWith('lines are missing in the log'));
    // A request is logged after its answer.
    await until(async () => {
      const all = await messages();
      return (
        gapIn(all) !== -1 && gapIn(all) < all.findLastIndex(({msg}) => msg.includes('request'))
      );
    });
    const all = await messages();
    const gap = all[gapIn(all)];
    t.true((gap?.lines ?? 0) > 10, JSON.stringify(gap));
  },
);
