import {once} from 'node:events';
import net, {type AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {sql} from 'kysely';
import {type Database, migrateDatabase, openDatabase} from '../../src/metadata/database.ts';
import {MetadataError} from '../../src/metadata/metadata-error.ts';
import type {ServerOptions} from '../../src/metadata/server-pool.ts';
import {onEachServer} from '../contract/engines.ts';
import {freshFile, open, person} from './workbench.ts';

/**
 * Each cut leads to another state; all of them take a minute for each engine. So of every few one is tried, others in each run, unless all are wanted
 * (`npm run test:cuts`).
 */
const stride = process.env['TEST_EVERY_CUT'] === undefined ? 8 : 1;
const first = 1 + (Math.floor(Date.now() / 1000) % stride);

/** Tables, columns and indexes, and what a new database begins with. */
async function shapeOf(db: Database['db']): Promise<unknown> {
  const found = await db.introspection.getTables();
  const columns = found.map(({name, columns: of}) => [name, ...of.map((column) => column.name)]);
  const teams = await db.selectFrom('teams').select('name').execute();
  const namespaces = await db.selectFrom('namespaces').select('name').execute();
  const revisions = await db.selectFrom('revisions').select('name').execute();
  return {columns: columns.toSorted(), teams, namespaces, revisions};
}

const indexes = {
  mariadb: sql<{count: number}>`
    select count(*) as count from information_schema.statistics where table_schema = database()
  `,
  postgres: sql<{count: number}>`
    select count(*) as count from pg_indexes where schemaname = current_schema()
  `,
} as const;

/** To the server, until so many messages have gone there: then all its connections end, as those of a process that is killed. */
async function cutAfter(
  t: ExecutionContext,
  {host, port}: ServerOptions,
  messages: number,
): Promise<{readonly port: number}> {
  let count = 0;
  const sockets = new Set<net.Socket>();
  const proxy = net.createServer((client) => {
    const server = net.connect(port, host);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    server.pipe(client);
    client.on('data', (chunk) => {
      count += 1;
      if (count <= messages) server.write(chunk);
      else for (const socket of sockets) socket.destroy();
    });
  });
  t.teardown(() => proxy.close());
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {port: (proxy.address() as AddressInfo).port};
}

onEachServer(
  'a migration that is cut off at any statement is finished by the next',
  async (t, engine) => {
    t.timeout(170_000);
    const running = await engine.server(t);
    const whole = await open(t, {server: await running.fresh()});
    const shape = await shapeOf(whole.db);
    const {rows: wanted} = await indexes[engine.name].execute(whole.db);
    let cuts = 0;
    t.log(`each ${stride}th, from the ${first}th on`);
    for (let messages = first; ; messages += stride) {
      const server = await running.fresh();
      const proxy = await cutAfter(t, server, messages);
      const cut = await migrateDatabase({server: {...server, ...proxy}}).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (cut === undefined) break;
      t.true(cut instanceof MetadataError);
      cuts += 1;
      const {db, close} = await openDatabase({server});
      t.deepEqual(await shapeOf(db), shape, `cut off after ${messages} messages`);
      t.deepEqual((await indexes[engine.name].execute(db)).rows, wanted);
      await person(db, 'ada');
      await close();
    }
    t.true(cuts > 30 / stride, `it was cut off ${cuts} times`);
  },
);

test('sqlite: a migration whose thread dies at any statement is done by the next', async (t) => {
  const whole = await open(t, {file: await freshFile(t)});
  const shape = await shapeOf(whole.db);
  let cuts = 0;
  t.log(`each ${stride}th, from the ${first}th on`);
  for (let task = first; ; task += stride) {
    const file = await freshFile(t);
    // A thread gets the environment as it is when it starts.
    process.env['FATAL_TASK'] = String(task);
    const program = new URL('./dying-worker.ts', import.meta.url);
    const cut = await migrateDatabase({file, program}).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (cut === undefined) break;
    cuts += 1;
    const {db, close} = await openDatabase({file});
    t.deepEqual(await shapeOf(db), shape, `died at task ${task}`);
    await close();
  }
  t.true(cuts > 30 / stride, `it died ${cuts} times`);
});
