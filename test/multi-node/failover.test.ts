/**
 * The node that serves is killed in the middle of pushes; the other takes over, and nothing that was acknowledged is lost. `npm run test:failover`
 * plays 25 rounds with images of 2 GiB, and docker among the clients.
 */
import {mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {dockerAt, startDockerDaemon} from '../support/dockerd.ts';
import {missingPrograms, type ProgramName} from '../support/programs.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';
import {type Workbench, workbench} from '../support/workbench.ts';
import type {Proxy} from './active-proxy.ts';
import {exchange} from './exchange.ts';
import {playRounds, type ProgramPush} from './failover-rounds.ts';
import {importLargeImage, layLargeLayout} from './large-image.ts';

const long = process.env['FAILOVER_ROUNDS'];
/** Of the images that programs push, in MiB. */
const size = Number(process.env['FAILOVER_MIB'] ?? (long === undefined ? '60' : '2048'));
/** Rounds on one directory: what they have pushed stays there. */
const together = 5;
/** In milliseconds: in `npm test` much else runs at the same time. */
const longestGap = long === undefined ? 15_000 : 5000;
/** In milliseconds: docker takes two minutes to push its image, and an upload may stand still for one. */
const longestWait = long === undefined ? 300 : 30_000;
const patience = 1_200_000;

async function skopeoPush(
  bench: Workbench,
  round: number,
  {url, host}: Proxy,
): Promise<ProgramPush> {
  const layout = bench.path(`layout${round}`);
  const image = await layLargeLayout(layout, size);
  const words = ['copy', '--preserve-digests', '--dest-tls-verify=false', `oci:${layout}`];
  const name = `skopeo/r${round}`;
  return {
    name: 'skopeo',
    push: async () => {
      const to = `docker://${host}/${name}:v1`;
      await run('skopeo', [...words, to], {env: bench.skopeo.env, timeout: patience});
    },
    verify: async () => {
      const {body} = await exchange(url, `/v2/${name}/manifests/v1`);
      if (!image.bytes.equals(body)) throw new Error(`${name} is another`);
      const back = bench.path('back');
      const from = [`docker://${host}/${name}:v1`, `dir:${back}`];
      // It compares every byte with the digests.
      await run('skopeo', ['copy', '--src-tls-verify=false', ...from], {
        ...{env: bench.skopeo.env, timeout: patience},
      });
      for (const directory of [back, layout]) await rm(directory, {recursive: true});
    },
  };
}

async function dockerPushes(t: ExecutionContext, bench: Workbench) {
  const socket = await startDockerDaemon(t, bench.directory, {
    // Loopback is what docker speaks plain HTTP to.
    enter: ['env'],
  });
  const {env} = dockerAt(bench, socket);
  const docker = async (...words: string[]) => run('docker', words, {env, timeout: patience});
  return async (round: number, {host}: Proxy): Promise<ProgramPush> => {
    const name = `${host}/docker/r${round}:v1`;
    await importLargeImage(bench.directory, size, name, env);
    return {
      name: 'docker',
      push: async () => {
        await docker('push', name);
      },
      verify: async () => {
        const id = async () => (await docker('image', 'inspect', '-f', '{{.Id}}', name)).stdout;
        const before = await id();
        await docker('image', 'rm', name);
        await docker('pull', name);
        if ((await id()) !== before) throw new Error(`${name} is another`);
        await docker('image', 'rm', name);
      },
    };
  };
}

const root = process.getuid?.() === 0 ? [] : ['only root has hosts of its own'];
const programs: readonly ProgramName[] = ['skopeo', 'unshare'];

async function playShort(t: ExecutionContext, isElsewhere: boolean): Promise<void> {
  const bench = await workbench(t);
  await playRounds(t, {
    ...{isElsewhere, longestGap, longestWait, pushers: 20, size: 80},
    ...(isElsewhere
      ? {count: 2, prepare: async () => Promise.resolve([])}
      : {
          count: 1,
          prepare: async (round, proxy) => [await skopeoPush(bench, round, proxy)],
        }),
  });
}

async function playLong(t: ExecutionContext, isElsewhere: boolean, count: number): Promise<void> {
  t.timeout(count * patience);
  const bench = await workbench(t);
  t.timeout(count * patience);
  const dockerPush = await dockerPushes(t, bench);
  const directory = join(await temporaryDirectory(t), 'nodes');
  await mkdir(directory);
  const {gaps} = await playRounds(t, {
    ...{count, isElsewhere, longestGap, longestWait, pushers: 20, size: 300, directory},
    prepare: async (round, proxy) => [
      await skopeoPush(bench, round, proxy),
      await dockerPush(round, proxy),
    ],
  });
  t.log(`nobody served for ${Math.round(Math.max(...gaps))} ms at most`);
}

if (long === undefined) {
  testUnless(
    [...missingPrograms(programs), ...root],
    'the node that serves is killed in the middle of pushes: the other takes over, and all that was acknowledged is there',
    async (t) => playShort(t, false),
  );
  testUnless(
    [...missingPrograms(programs), ...root],
    'a node on a host of its own is killed in the middle of pushes: its silence is enough, and it comes back as the one that waits',
    async (t) => playShort(t, true),
  );
} else {
  const rounds = Number(long);
  for (let first = 1; first <= rounds; first += together) {
    const last = Math.min(rounds, first + together - 1);
    const isElsewhere = ((first - 1) / together) % 2 === 0;
    testUnless(
      [...missingPrograms([...programs, 'docker', 'dockerd']), ...root],
      `rounds ${first} to ${last}: a node is killed in the middle of large pushes, ${isElsewhere ? 'on a host of its own' : 'on the same host'}`,
      async (t) => playLong(t, isElsewhere, last - first + 1),
    );
  }
}
