import {once} from 'node:events';
import net, {type AddressInfo} from 'node:net';
import {inspect} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {sql} from 'kysely';
import {createPerson} from '../../src/metadata/accounts.ts';
import {openDatabase} from '../../src/metadata/database.ts';
import {isUniqueViolation} from '../../src/metadata/unique-violation.ts';
import {mariadbFault} from '../../src/metadata/mariadb-fault.ts';
import {MetadataError} from '../../src/metadata/metadata-error.ts';
import {postgresFault} from '../../src/metadata/postgres-fault.ts';
import {changing} from '../../src/metadata/revisions.ts';
import type {ServerOptions} from '../../src/metadata/server-pool.ts';
import {countPeople, listUsers} from '../../src/metadata/users.ts';
import {onEachServer, type TestedServer} from '../contract/engines.ts';
import {makeServerCertificate} from '../support/certificate.ts';
import {findSecrets} from '../support/secrets.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {freePort} from '../support/ports.ts';
import {now, open, person, userName} from './workbench.ts';

/** The error, which has to be a MetadataError without a secret in it, however it is looked at. */
async function failure(t: ExecutionContext, work: Promise<unknown>): Promise<MetadataError> {
  const error = await t.throwsAsync(work, {instanceOf: MetadataError});
  t.deepEqual(findSecrets(inspect(error, {depth: 20, showHidden: true})), []);
  return error;
}

const refused = async (t: ExecutionContext, server: ServerOptions): Promise<MetadataError> =>
  failure(t, openDatabase({server}));

/** As the drivers make them. */
function numbered(code: string | undefined, errno?: number, more = ''): Error {
  const fields = errno === undefined ? {code} : {code, errno};
  return Object.assign(new Error(`it failed with a value ${more}`), fields);
}

const serverFor = async (
  t: ExecutionContext,
  engine: TestedServer,
  more: Partial<ServerOptions> = {},
): Promise<ServerOptions> => (await engine.server(t)).fresh(more);

onEachServer('a wrong password is told, with what to do', async (t, engine) => {
  const options = await serverFor(t, engine);
  const error = await refused(t, {...options, password: 'quite another one'});
  t.is(error.kind, 'unavailable');
  t.regex(error.message, /see metadata\.url and metadata\.password/);
  t.regex((await refused(t, {...options, password: undefined})).message, /metadata\.password/);
});

onEachServer('an unknown database, and a server that there is not, are told', async (t, engine) => {
  const options = await serverFor(t, engine);
  const unknown = await refused(t, {...options, database: 'no_such_thing'});
  // MariaDB tells nobody which databases there are.
  t.regex(unknown.message, /no database of that name|may not do that/);
  const port = await freePort(t);
  t.regex((await refused(t, {...options, port})).message, /nobody listens there \(ECONNREFUSED\)/);
  const socket = '/run/no/such/socket';
  t.regex((await refused(t, {...options, socket})).message, /no such socket \(ENOENT\)/);
});

onEachServer('a socket of this host leads to the server', async (t, engine) => {
  const {socket} = await engine.server(t);
  const options = await serverFor(t, engine, {socket});
  await person((await open(t, {server: options})).db, 'ada');
  t.regex(socket, /^\//);
  if (engine.name === 'mariadb') return;
  const whole = {...options, socket: `${socket}/.s.PGSQL.${options.port}`, port: 1};
  t.is(await countPeople((await open(t, {server: whole})).db), 1);
});

for (const [title, fault, kind] of [
  ['a full disk', mariadbFault(numbered('ER_DISK_FULL', 1021)), 'full'],
  ['a full table', mariadbFault(numbered('ER_RECORD_FILE_FULL', 1114)), 'full'],
  ['no room of the engine', mariadbFault(numbered('ER_GET_ERRNO', 1030, 'error 28')), 'full'],
  ['a deadlock', mariadbFault(numbered('ER_LOCK_DEADLOCK', 1213)), 'busy'],
  ['a connection that was killed', mariadbFault(numbered(undefined, 1927)), 'unavailable'],
  ['too many connections', mariadbFault(numbered('ER_CON_COUNT_ERROR', 1040)), 'unavailable'],
  ['a full disk', postgresFault(numbered('53100')), 'full'],
  ['an order that there is not', postgresFault(numbered('40001')), 'busy'],
  ['too many connections', postgresFault(numbered('53300')), 'unavailable'],
  ['a shutdown', postgresFault(numbered('57P01')), 'unavailable'],
  ['a damaged page', postgresFault(numbered('XX001')), 'damaged'],
] as const) {
  test(`${title} (${fault?.code ?? ''}) is of the kind ${kind}`, (t) => {
    t.is(fault?.kind, kind);
    t.false(JSON.stringify(fault).includes('a value'));
  });
}

onEachServer('a certificate must be of the CA, and for the name', async (t, engine) => {
  const {caFile} = await engine.server(t);
  const good = await serverFor(t, engine, {tls: 'verify', host: 'localhost', caFile});
  await person((await open(t, {server: good})).db, 'ada');
  t.regex(
    (await refused(t, {...good, caFile: undefined})).message,
    /set metadata\.caFile to the CA that signed it/,
  );
  const other = await makeServerCertificate(await memoryDirectory(t));
  t.regex((await refused(t, {...good, caFile: other.caFile})).message, /metadata\.caFile/);
  const {db} = await open(t, {server: {...good, tls: 'require', caFile: undefined}});
  t.is(await countPeople(db), 1);
});

onEachServer('no server that answers garbage, or nothing, ends the process', async (t, engine) => {
  const options = await serverFor(t, engine, {timeout: 500});
  for (const answer of [
    '',
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    '\u0000'.repeat(5000),
    '\u00ff'.repeat(5000),
    'N'.repeat(10),
    'S',
    'R\u0000\u0000\u0000\u0008\u0000\u0000\u0000\u0003Z\u0000\u0000\u0000\u0005ID!!!!!!',
    '\u000a\u0000\u0000\u0000\u000a5.5.5\u0000',
  ]) {
    for (const ends of [true, false]) {
      const ended: Promise<unknown>[] = [];
      const listener = net.createServer((socket) => {
        ended.push(once(socket, 'close'));
        socket.on('error', () => undefined);
        socket.resume();
        socket.write(Buffer.from(answer, 'latin1'));
        if (ends) socket.end();
      });
      t.teardown(() => listener.close());
      listener.listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const {port} = listener.address() as AddressInfo;
      for (const tls of ['off', 'require'] as const) {
        await t.throwsAsync(openDatabase({server: {...options, port, tls}}), undefined, answer);
      }
      // Nothing stays open, although the server would.
      await Promise.all(ended);
      t.true(ended.length > 0);
    }
  }
});

onEachServer(
  'a name that is taken is a constraint, and its value is not told',
  async (t, engine) => {
    const {db} = await open(t, {server: await serverFor(t, engine)});
    const claim = {name: 'a-value-that-is-not-told', user_id: 'x', created_at: now};
    await db.insertInto('claims').values(claim).execute();
    const error = await failure(t, db.insertInto('claims').values(claim).execute());
    t.is(error.kind, 'constraint');
    t.true(isUniqueViolation(error));
    t.false(inspect(error, {depth: 20, showHidden: true}).includes(claim.name));
    const orphan = {team_id: 'x', user_id: 'y', role: 'owner', created_at: now} as const;
    const other = await failure(t, db.insertInto('memberships').values(orphan).execute());
    t.is(other.kind, 'constraint');
    t.false(isUniqueViolation(other));
  },
);

onEachServer('a name cannot break out of its statement', async (t, engine) => {
  const {db} = await open(t, {server: await serverFor(t, engine)});
  for (const name of ["\\' or 1=1 -- ", "' or ''='", '\\', '"; drop table users', '\u00bf\u0027']) {
    await db.insertInto('claims').values({name, user_id: name, created_at: now}).execute();
    const rows = await db.selectFrom('claims').selectAll().where('name', '=', name).execute();
    t.deepEqual(rows, [{name, user_id: name, created_at: now}]);
  }
  const object = {toString: () => 'x'} as unknown as string;
  await t.throwsAsync(
    db
      .selectFrom('claims')
      .select('name')
      .where('name', '=', object)
      .execute()
      .then((rows) => {
        if (engine.name === 'postgres' && rows.length === 0) throw new Error('it found nothing');
      }),
  );
  t.is((await db.selectFrom('claims').selectAll().execute()).length, 5);
});

onEachServer(
  'one that keeps the turn for too long makes others busy, not wrong',
  async (t, engine) => {
    const {db} = await open(t, {server: await serverFor(t, engine, {timeout: 1000})});
    const entered = Promise.withResolvers<undefined>();
    const leave = Promise.withResolvers<undefined>();
    const first = changing(db, async () => {
      entered.resolve(undefined);
      await leave.promise;
      return true;
    });
    await entered.promise;
    const late = createPerson(db, {name: userName('bob'), now});
    t.is((await failure(t, late)).kind, 'busy');
    leave.resolve(undefined);
    t.true(await first);
    await person(db, 'bob');
  },
);

onEachServer('a statement that takes too long is told as that', async (t, engine) => {
  const {db} = await open(t, {server: await serverFor(t, engine, {timeout: 1000})});
  const sleep = {mariadb: 'select sleep(2.5)', postgres: 'select pg_sleep(2.5)'} as const;
  const error = await failure(t, sql.raw(sleep[engine.name]).execute(db));
  t.is(error.kind, 'busy');
  t.regex(error.message, /is kept busy by others \((1969|57014)\)$/);
});

onEachServer('two that wait for each other are untied, and both are done', async (t, engine) => {
  const {db} = await open(t, {server: await serverFor(t, engine)});
  const {transact} = await import('../../src/metadata/transact.ts');
  const [ada, bob] = [await person(db, 'ada'), await person(db, 'bob')];
  const gates = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
  const touch = async (own: 0 | 1, ids: readonly [string, string]): Promise<void> =>
    transact(db, async (turn) => {
      await turn.updateTable('users').set({email: ids[0]}).where('id', '=', ids[0]).execute();
      gates[own].resolve(undefined);
      await Promise.all(gates.map(async ({promise}) => promise));
      await turn.updateTable('users').set({email: ids[0]}).where('id', '=', ids[1]).execute();
    });
  await Promise.all([touch(0, [ada.id, bob.id]), touch(1, [bob.id, ada.id])]);
  const emails = new Set((await listUsers(db, {limit: 9})).map(({email}) => email));
  t.is(emails.size, 1);
});

test('the drivers are no part of a start without a server', async (t) => {
  const {readFile} = await import('node:fs/promises');
  const text = await readFile('src/metadata/server-database.ts', 'utf8');
  t.regex(text, /await import\('\.\/mariadb-pool\.ts'\)/);
  t.notRegex(text, /^import .* from '\.\/(mariadb|postgres)-pool/m);
});
