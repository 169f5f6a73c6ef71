/** Real servers of databases: MariaDB and PostgreSQL, with TLS, on a port and a socket, and a fresh database for each test. */
import {errorCode} from '../../src/host/error-code.ts';
import {randomUUID} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {chown, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createConnection} from 'mysql2/promise';
import pg from 'pg';
import {describeAddress} from '../../src/config/database-url.ts';
import type {ServerOptions} from '../../src/metadata/server-pool.ts';
import {makeServerCertificate} from './certificate.ts';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {freePort} from './ports.ts';
import {findProgram} from './programs.ts';
import {until} from './raw-request.ts';
import {secret} from './secrets.ts';
import {startService} from './service.ts';
import {memoryDirectory} from './temporary-directory.ts';

export type ServerEngine = ServerOptions['engine'];

export interface DatabaseServer {
  readonly engine: ServerEngine;
  /** Of its certificate, which is for localhost and 127.0.0.1. */
  readonly caFile: string;
  /** As `?socket=` names it. */
  readonly socket: string;
  /** A fresh database, of a user who may do what the documentation tells. */
  fresh(more?: Partial<ServerOptions>): Promise<ServerOptions>;
  /** As its administrator. */
  administer(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  /** To all of its processes. */
  signal(name: NodeJS.Signals): void;
  /** As SIGSTOP; resolves when none of them does anything any more. */
  pause(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

interface Options {
  /** In place of a directory in memory. */
  readonly directory?: string;
  /** Further flags. */
  readonly flags?: readonly string[];
}

const adminPassword = 'the password of the administrator';
const password = 'p@ss/wörd: %27\'\\" of holdfast';

/** As the user that the package makes, for whom root must not do it: PostgreSQL refuses to run as root. */
async function asUser(user: string) {
  if (process.getuid?.() !== 0) return {words: [], own: async () => Promise.resolve()};
  const idOf = async (flag: string) => Number((await run('id', [flag, user])).stdout);
  const [uid, gid] = [await idOf('-u'), await idOf('-g')];
  return {
    words: ['--reuid', user, '--regid', user, '--clear-groups'],
    own: async (path: string) => chown(path, uid, gid),
  };
}

interface Plan {
  readonly user: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly ready: RegExp;
}

/** Starts and ends the daemon of a plan, as often as is wanted. */
async function daemon(life: Lifetime, {user, program, args, ready}: Plan) {
  const {words} = await asUser(user);
  const command = [...words, '--pdeathsig', 'TERM', '--', findProgram(program) ?? program, ...args];
  const start = async () => startService(life, 'setpriv', command, {ready, timeout: 60_000});
  let service = await start();
  // PostgreSQL has a process for each connection.
  const processes = () => [service.pid, ...childrenOf(service.pid)];
  return {
    signal: (name: NodeJS.Signals): void => {
      for (const pid of processes()) signal(pid, name);
    },
    pause: async (): Promise<void> => {
      for (const pid of processes()) signal(pid, 'SIGSTOP');
      await until(() => processes().every(isStopped));
    },
    stop: async (signal: NodeJS.Signals = 'SIGTERM') => service.stop(signal),
    start: async () => {
      service = await start();
    },
  };
}

/** One that has ended meanwhile needs none. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** All of its threads; on a busy machine some run on for a while. */
const isStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((thread) =>
    /^State:\s+T/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')),
  );

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

async function place(life: Lifetime, user: string, directory: string | undefined) {
  const base = directory ?? (await memoryDirectory(life));
  const {words, own} = await asUser(user);
  const files = await makeServerCertificate(base);
  await mkdir(join(base, 'data'), {mode: 0o700});
  for (const path of [base, join(base, 'data'), files.keyFile]) await own(path);
  const make = async (program: string, args: readonly string[]): Promise<void> => {
    const path = findProgram(program) ?? program;
    await run('setpriv', [...words, '--', path, ...args], {cwd: base});
  };
  return {base, data: join(base, 'data'), files, own, make};
}

const fresh = (): string => `test_${randomUUID().replaceAll('-', '')}`;

const optionsFor = (
  engine: ServerEngine,
  port: number,
  user: string,
  database: string,
): ServerOptions => ({
  engine,
  host: '127.0.0.1',
  port,
  socket: undefined,
  user,
  password,
  database,
  tls: 'off',
  caFile: undefined,
  connections: 4,
  timeout: 5000,
});

export async function startMariadb(
  life: Lifetime,
  {directory, flags = []}: Options = {},
): Promise<DatabaseServer> {
  const {base, data, files, make} = await place(life, 'mysql', directory);
  await make('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  const port = await freePort(life);
  const socketPath = join(base, 'mariadb.sock');
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${socketPath}`,
    `--pid-file=${join(base, 'pid')}`,
    // A server that starts removes what others keep in a directory for all.
    `--tmpdir=${base}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve=0',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=32M',
    '--skip-log-bin',
    '--max-connections=200',
    `--ssl-ca=${files.caFile}`,
    `--ssl-cert=${files.certificateFile}`,
    `--ssl-key=${files.keyFile}`,
    ...flags,
  ];
  const ready = /ready for connections/;
  const service = await daemon(life, {user: 'mysql', program: 'mariadbd', args, ready});
  const administer = async (sql: string, database?: string) => {
    const connection = await createConnection({
      socketPath,
      user: 'root',
      ...(database === undefined ? {} : {database}),
    });
    try {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    } finally {
      connection.destroy();
    }
  };
  secret(password);
  return {
    engine: 'mariadb',
    socket: socketPath,
    caFile: files.caFile,
    administer,
    ...service,
    fresh: async (more = {}) => {
      const database = fresh();
      const user = database.slice(0, 20);
      const literal = `'${password.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
      await administer(`create database ${database}`);
      for (const host of ['127.0.0.1', 'localhost']) {
        await administer(`create user '${user}'@'${host}' identified by ${literal}`);
        await administer(`grant all privileges on ${database}.* to '${user}'@'${host}'`);
      }
      return {...optionsFor('mariadb', port, user, database), ...more};
    },
  };
}

export async function startPostgres(
  life: Lifetime,
  {directory, flags = []}: Options = {},
): Promise<DatabaseServer> {
  const {base, data, files, own, make} = await place(life, 'postgres', directory);
  const passwordFile = join(base, 'password');
  await writeFile(passwordFile, adminPassword, {mode: 0o600});
  await own(passwordFile);
  await make('initdb', [
    ...['-D', data, '-N', '-A', 'scram-sha-256', '-U', 'admin', `--pwfile=${passwordFile}`],
    ...['-E', 'UTF8', '--no-locale'],
  ]);
  const port = await freePort(life);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: base,
    fsync: 'off',
    full_page_writes: 'off',
    max_connections: '200',
    shared_buffers: '32MB',
    ssl: 'on',
    ssl_cert_file: files.certificateFile,
    ssl_key_file: files.keyFile,
  };
  const args = [
    ...['-D', data, '-p', String(port)],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ...flags,
  ];
  const ready = /database system is ready to accept connections/;
  const service = await daemon(life, {user: 'postgres', program: 'postgres', args, ready});
  const administer = async (sql: string, database = 'postgres') => {
    const client = new pg.Client({
      host: base,
      port,
      user: 'admin',
      password: adminPassword,
      database,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  secret(password);
  return {
    engine: 'postgres',
    socket: base,
    caFile: files.caFile,
    administer,
    ...service,
    fresh: async (more = {}) => {
      const database = fresh();
      const user = database.slice(0, 20);
      // Written so that it works with both settings of standard_conforming_strings.
      const literal = pg.escapeLiteral(password);
      await administer(`create role ${user} login password ${literal}`);
      await administer(`create database ${database} owner ${user} template template0`);
      return {...optionsFor('postgres', port, user, database), ...more};
    },
  };
}

/** With its password: for the settings of a server under test. */
export function urlOf({password: word, ...address}: ServerOptions): string {
  const url = new URL(describeAddress({...address, password: undefined}));
  if (word !== undefined) url.password = encodeURIComponent(word);
  return url.href;
}
