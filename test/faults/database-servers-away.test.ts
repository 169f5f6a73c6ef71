/** The database server of a running registry is gone, silent, locked, read-only or full: what is pushed is there whole or refused whole, and the index catches up. */
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {openDatabase} from '../../src/metadata/database.ts';
import type {ServerOptions} from '../../src/metadata/server-pool.ts';
import {onEachServer} from '../contract/engines.ts';
import {run} from '../support/command.ts';
import {
  getBytes,
  imageOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {requireAgreement} from '../support/content-index.ts';
import {
  type DatabaseServer,
  startMariadb,
  startPostgres,
  urlOf,
} from '../support/database-server.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {sameBytes} from '../support/same-bytes.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {requireRefusals} from './refusals.ts';

const starts = {mariadb: startMariadb, postgres: startPostgres} as const;

/** Begins a fault, and answers with what ends it. */
type Fault = (server: DatabaseServer) => Promise<() => Promise<unknown>>;

async function setReadOnly(server: DatabaseServer, isSet: boolean): Promise<void> {
  if (server.engine === 'mariadb') {
    await server.administer(`set global read_only = ${Number(isSet)}`);
    return;
  }
  await server.administer(`alter system set default_transaction_read_only = ${String(isSet)}`);
  await server.administer('select pg_reload_conf()');
}

const faults: Readonly<Record<string, Fault>> = {
  'is killed': async (server) => {
    await server.stop('SIGKILL');
    return async () => server.start();
  },
  'is silent': async (server) => {
    await server.pause();
    return async () => {
      server.signal('SIGCONT');
      return Promise.resolve();
    };
  },
  'only reads': async (server) => {
    await setReadOnly(server, true);
    return async () => setReadOnly(server, false);
  },
};

const startOn = async (t: ExecutionContext, place: ServerOptions, dataDir?: string) =>
  startInProcess(t, {
    metadata: {url: urlOf(place), timeout: '1s'},
    ...(dataDir === undefined ? {} : {dataDir}),
  });

/** What the server did of a statement that nobody waited for any more is found by the next start. */
async function requireAgreementAfter(
  t: ExecutionContext,
  former: InProcess,
  place: ServerOptions,
): Promise<void> {
  await former.stop();
  const server = await startOn(t, place, former.dataDir);
  const {db, close} = await openDatabase({server: place});
  t.teardown(close);
  await requireAgreement(t, server, db);
}

for (const [what, begin] of Object.entries(faults)) {
  onEachServer(
    `while the server ${what} pushes and deletes are answered 503, and pulls go on`,
    async (t, engine) => {
      t.timeout(170_000);
      const database = await starts[engine.name](t);
      const place = await database.fresh();
      const server = await startOn(t, place);
      await requireRefusals(t, server, async (work) => {
        const end = await begin(database);
        await work();
        await end();
      });
      await requireAgreementAfter(t, server, place);
    },
  );
}

onEachServer(
  'while the disk of the server is full each push is there whole or refused whole, and pulls go on',
  async (t, engine) => {
    t.timeout(170_000);
    const disk = await temporaryDirectory(t);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tmpfs', disk]);
    t.teardown(async () => run('umount', ['--lazy', disk]));
    const database = await starts[engine.name](t, {directory: disk});
    const place = await database.fresh();
    const server = await startOn(t, place);
    const {api} = server;
    const kept = await pushImage(api, 'a', {tag: 'v1', layers: [randomContent()]});
    const layer = randomContent();
    await pushBlob(api, 'a', layer);
    const filler = path.join(disk, 'filler');
    await t.throwsAsync(writeFile(filler, Buffer.alloc(400 * 1024 * 1024)), {code: 'ENOSPC'});
    const push = async (number: number) => {
      const annotations = Object.fromEntries(
        Array.from({length: 30}, (_, at) => [`a${at}`, `${number} `.padEnd(4000, 'x')]),
      );
      const image = imageOf([layer], {annotations});
      const {status} = await putManifest(api, 'a', `t${number}`, image);
      const found = await api.get(`/v2/a/manifests/t${number}`);
      t.is(found.status, status === 201 ? 200 : 404, `${number}: ${status}`);
      return status;
    };
    const statuses = new Set<number>();
    for (let number = 1; number <= 400 && !statuses.has(503); number += 1) {
      statuses.add(await push(number));
    }
    t.deepEqual([...statuses].sort(), [201, 503]);
    sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1').expect(200)).body, kept.bytes);
    await run('rm', [filler]);
    // It may have ended of that by itself, and whoever looks after it starts it again.
    await database.stop('SIGKILL');
    await database.start();
    let number = 1000;
    await until(async () => (await push((number += 1))) === 201);
    await requireAgreementAfter(t, server, place);
  },
  process.getuid?.() === 0 ? [] : ['only root may mount'],
);
