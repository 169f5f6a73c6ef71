/** A registry is upgraded, taken back and upgraded again while clients push, and what was refused meanwhile is pushed again. */
import {mkdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {CommandError, run} from '../support/command.ts';
import {shared} from '../support/lifetime.ts';
import {missingPrograms} from '../support/programs.ts';
import {entry, withoutSettings} from '../support/serve-process.ts';
import {type Service, startService} from '../support/service.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';
import {earlierVersion, missingHistory} from './earlier-version.ts';
import {findingsAfter} from './findings.ts';
import {Ledger} from './ledger.ts';
import {pushRounds} from './pushing.ts';
import {serverConfig} from './server-config.ts';

const names = ['r0', 'r1', 'r2'];
const earlier = shared(earlierVersion);

async function serve(t: ExecutionContext, program: string, dataDir: string): Promise<Service> {
  // The earlier one has no pages, and so no setting of them.
  const [configFile, ui] =
    program === entry ? [`${dataDir}.yaml`] : [`${dataDir}.former.yaml`, {ui: undefined}];
  await writeFile(configFile, JSON.stringify({...serverConfig(dataDir), ...ui}));
  return startService(t, process.execPath, [program, 'serve', '--config', configFile], {
    env: withoutSettings,
    ready: /listens on (?<url>https?:\/\/[^\s"]+)/,
  });
}

/** It is stopped in the middle. */
async function pushAndStop(service: Service, ledger: Ledger, from: number): Promise<void> {
  const enough = Promise.withResolvers<undefined>();
  let answers = 0;
  const onAnswer = () => {
    answers += 1;
    if (answers === 60) enough.resolve(undefined);
  };
  const port = Number(new URL(service.match?.groups?.['url'] ?? '').port);
  const pushing = names.map(async (name, at) => {
    const neighbour = names[(at + 1) % names.length] ?? '';
    await pushRounds({port, ledger, name, neighbour, rounds: {from, to: from + 3}, onAnswer});
  });
  await Promise.race([enough.promise, Promise.all(pushing)]);
  await service.stop();
  for (const result of await Promise.allSettled(pushing)) {
    if (result.status === 'fulfilled') continue;
    // It is refused, or not there any more.
    if (!/ECONNRESET|ECONNREFUSED|EPIPE|socket hang up|^503 /.test(String(result.reason)))
      throw result.reason;
  }
}

testUnless(
  [...missingPrograms(['git', 'tar']), ...missingHistory()],
  'an upgrade under load, a way back by the copy of the database and a second upgrade lose nothing that was acknowledged',
  async (t) => {
    t.timeout(300_000);
    const dataDir = path.join(await memoryDirectory(t), 'data');
    await mkdir(dataDir);
    const ledger = new Ledger(() => 0);
    const former = await earlier(t);
    await pushAndStop(await serve(t, former, dataDir), ledger, 0);
    await pushAndStop(await serve(t, entry, dataDir), ledger, 30);
    const refused = await t.throwsAsync(serve(t, former, dataDir), {instanceOf: CommandError});
    const copy = /put back (\S+), the copy from before/.exec(refused.message)?.[1] ?? '';
    const file = path.join(dataDir, 'database/holdfast.db');
    for (const end of ['-wal', '-shm']) await rm(file + end, {force: true});
    await rename(copy, file);
    // What was pushed since is on the disk, and not in the copy.
    await run(process.execPath, [former, 'reindex', '--config', `${dataDir}.former.yaml`], {
      env: withoutSettings,
    });
    await pushAndStop(await serve(t, former, dataDir), ledger, 60);
    await pushAndStop(await serve(t, entry, dataDir), ledger, 90);
    const findings = await findingsAfter(t, {dataDir, ledger, length: Number.MAX_SAFE_INTEGER});
    t.deepEqual(findings, []);
    t.log(`${ledger.settings.size} blobs, manifests and tags`);
  },
);
