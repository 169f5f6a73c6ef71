/** Every engine that accounts may lie on: what is declared here runs on each of them. */
import test, {type ExecutionContext} from 'ava';
import type {Database, DatabasePlace} from '../../src/metadata/database.ts';
import {
  type DatabaseServer,
  type ServerEngine,
  startMariadb,
  startPostgres,
} from '../support/database-server.ts';
import {shared} from '../support/lifetime.ts';
import {missingPrograms, type ProgramName} from '../support/programs.ts';
import {testUnless} from '../support/test-with.ts';
import {freshFile, open} from '../metadata/workbench.ts';

export type EngineName = 'sqlite' | ServerEngine;

/** A database of the test's own, made when it is asked for. */
export interface TestedEngine {
  readonly name: EngineName;
  readonly fresh: (t: ExecutionContext) => Promise<DatabasePlace>;
}

export interface TestedServer extends TestedEngine {
  readonly name: ServerEngine;
  /** The one that the tests of a file share. */
  readonly server: (t: ExecutionContext) => Promise<DatabaseServer>;
}

const programs: Readonly<Record<ServerEngine, readonly ProgramName[]>> = {
  mariadb: ['mariadbd', 'mariadb-install-db', 'setpriv'],
  postgres: ['postgres', 'initdb', 'setpriv'],
};

const starts = {mariadb: startMariadb, postgres: startPostgres} as const;

const sqlite: TestedEngine = {
  name: 'sqlite',
  fresh: async (t) => ({file: await freshFile(t)}),
};

function tested(name: ServerEngine): TestedServer {
  const server = shared(starts[name]);
  return {
    name,
    server,
    fresh: async (t) => ({server: await (await server(t)).fresh()}),
  };
}

let known: readonly TestedServer[] | undefined;
/** One of each for the tests of a file, started for the first that asks. */
const servers = (): readonly TestedServer[] => (known ??= [tested('mariadb'), tested('postgres')]);

/** The test, once for each server; `obstacles`: what else there is against it. */
export function onEachServer(
  title: string,
  implementation: (t: ExecutionContext, engine: TestedServer) => Promise<void>,
  obstacles: readonly string[] = [],
): void {
  for (const engine of servers()) {
    const against = [...missingPrograms(programs[engine.name]), ...obstacles];
    testUnless(against, `${engine.name}: ${title}`, async (t) => implementation(t, engine));
  }
}

/** The test, once for each engine. */
export function onEachEngine(
  title: string,
  implementation: (t: ExecutionContext, engine: TestedEngine) => Promise<void>,
): void {
  test(`sqlite: ${title}`, async (t) => implementation(t, sqlite));
  onEachServer(title, implementation);
}

/** Of the test alone; closed with it. */
export async function freshOn(t: ExecutionContext, engine: TestedEngine): Promise<Database['db']> {
  return (await open(t, await engine.fresh(t))).db;
}
