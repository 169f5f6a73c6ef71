import {setTimeout as pause} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {createPerson} from '../../src/metadata/accounts.ts';
import type {Database} from '../../src/metadata/database.ts';
import {MetadataError} from '../../src/metadata/metadata-error.ts';
import {countPeople, listUsers} from '../../src/metadata/users.ts';
import {onEachServer} from '../contract/engines.ts';
import {startMariadb, startPostgres} from '../support/database-server.ts';
import {now, open, person, userName} from './workbench.ts';

const starts = {
  // What was answered must be there, as a server has it that is set up as usual.
  mariadb: async (t: ExecutionContext) =>
    startMariadb(t, {flags: ['--innodb-flush-log-at-trx-commit=2']}),
  postgres: async (t: ExecutionContext) => startPostgres(t),
} as const;

/** Asks until it is answered; throws what is no outage. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + 30_000; ;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MetadataError) || performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}

onEachServer(
  'a server that is killed and comes back loses nothing that was promised',
  async (t, engine) => {
    t.timeout(170_000);
    const server = await starts[engine.name](t);
    const {db} = await open(t, {server: await server.fresh({timeout: 1000})});
    const promised: string[] = [];
    const kinds = new Set<string>();
    let isOver = false;
    const create = async (writer: number): Promise<void> => {
      for (let number = 1; !isOver; number += 1) {
        const name = `p-${writer}-${number}`;
        try {
          await createPerson(db, {name: userName(name), now});
          promised.push(name);
        } catch (error) {
          if (!(error instanceof MetadataError)) throw error;
          kinds.add(error.kind);
          await pause(20);
        }
      }
    };
    const writers = [1, 2, 3].map(create);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const before = promised.length;
      while (promised.length < before + 20) await pause(10);
      await server.stop(signal);
      await server.start();
      const after = promised.length;
      while (promised.length < after + 20) await pause(10);
    }
    isOver = true;
    await Promise.all(writers);
    t.deepEqual(
      [...kinds].filter((kind) => kind !== 'unavailable'),
      [],
    );
    const present = new Set(await allNames(db));
    t.deepEqual(
      promised.filter((name) => !present.has(name)),
      [],
    );
    t.true(kinds.size > 0);
  },
);

async function allNames(db: Database['db']): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const page = await listUsers(db, {limit: 1000, after: found.at(-1) ?? ''});
    if (page.length === 0) return found;
    found.push(...page.map(({name}) => name));
  }
}

onEachServer(
  'a server that is silent fails questions within seconds, until it speaks',
  async (t, engine) => {
    const server = await starts[engine.name](t);
    const options = await server.fresh({timeout: 1000});
    const {db} = await open(t, {server: options});
    await person(db, 'ada');
    server.signal('SIGSTOP');
    const began = performance.now();
    try {
      const asked = Array.from({length: options.connections * 3}, async () =>
        t.throwsAsync(countPeople(db), {instanceOf: MetadataError}),
      );
      for (const error of await Promise.all(asked)) t.is(error.kind, 'unavailable');
      const late = (performance.now() - began) / 1000;
      t.true(late < 12, `${late} s`);
    } finally {
      server.signal('SIGCONT');
    }
    t.is(await untilAnswered(async () => countPeople(db)), 1);
  },
);

const readOnly = {
  mariadb: (value: 'on' | 'off') => [`set global read_only = ${value}`],
  postgres: (value: 'on' | 'off') => [
    `alter system set default_transaction_read_only = ${value}`,
    'select pg_reload_conf()',
  ],
} as const;

onEachServer(
  'a server that only reads is read, and written to when it writes again',
  async (t, engine) => {
    const server = await starts[engine.name](t);
    const {db} = await open(t, {server: await server.fresh()});
    await person(db, 'ada');
    for (const statement of readOnly[engine.name]('on')) await server.administer(statement);
    let kind: string | undefined;
    while (kind === undefined) {
      // A setting reaches the connections of PostgreSQL a moment after it was made.
      const name = userName(`p-${Math.random().toString(36).slice(2)}`);
      kind = await createPerson(db, {name, now}).then(
        () => undefined,
        (error: unknown) => (error instanceof MetadataError ? error.kind : String(error)),
      );
    }
    t.is(kind, 'read-only');
    t.true((await countPeople(db)) >= 1);
    for (const statement of readOnly[engine.name]('off')) await server.administer(statement);
    await untilAnswered(async () => createPerson(db, {name: userName('bob'), now}));
  },
);
