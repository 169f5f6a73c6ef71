import {PassThrough} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {accessExpiry} from '../../src/jobs/access-expiry.ts';
import {Periodic} from '../../src/jobs/periodic.ts';
import {createApplicationToken} from '../../src/metadata/application-tokens.ts';
import type {Database} from '../../src/metadata/database.ts';
import {createRefreshToken} from '../../src/metadata/refresh-tokens.ts';
import {leaseUpload, recordLeasedBlob} from '../../src/metadata/upload-leases.ts';
import {createLog, type Log} from '../../src/observability/log.ts';
import {freshDatabase, now, person} from '../metadata/workbench.ts';

const day = 86_400_000;
const never = new AbortController().signal;

function keptLog(): {readonly log: Log; readonly lines: () => readonly object[]} {
  const destination = new PassThrough();
  return {
    log: createLog({level: 'info', format: 'json'}, {destination}),
    lines: () => {
      const text = String(destination.read() ?? '').trim();
      return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as object);
    },
  };
}

/** What ends now, and what ends a moment later. */
async function fill(db: Database['db']): Promise<void> {
  const {id: userId} = await person(db, 'anna');
  for (const [name, expiresAt] of [
    ['over', now],
    ['lasting', now + 1],
  ] as const) {
    const lease = {tokenId: name, repository: 'anna/app', expiresAt};
    await leaseUpload(db, lease);
    await recordLeasedBlob(db, {...lease, digest: 'sha256:0'});
    const token = {id: name, userId, hash: '', now: 0};
    const refresh = {...token, service: 'x', clientId: 'x', generation: 1, expiresAt};
    await createRefreshToken(db, refresh);
    const application = {...token, name, isPullOnly: false, expiresAt: expiresAt - 30 * day};
    await createApplicationToken(db, application);
  }
  const forever = {id: 'forever', name: 'forever', userId, hash: '', isPullOnly: false, now: 0};
  await createApplicationToken(db, forever);
}

async function assertLeft(t: ExecutionContext, db: Database['db']): Promise<void> {
  const leases = await db.selectFrom('upload_leases').select('token_id').execute();
  const blobs = await db.selectFrom('leased_blobs').select('token_id').execute();
  t.deepEqual([...leases, ...blobs], [{token_id: 'lasting'}, {token_id: 'lasting'}]);
  const refresh = await db.selectFrom('refresh_tokens').select('id').execute();
  t.deepEqual(refresh, [{id: 'lasting'}]);
  const application = await db
    .selectFrom('application_tokens')
    .select('id')
    .orderBy('id')
    .execute();
  t.deepEqual(application, [{id: 'forever'}, {id: 'lasting'}]);
}

test('leases and refresh tokens go when they are over, application tokens a month later', async (t) => {
  const db = await freshDatabase(t);
  await fill(db);
  const {log, lines} = keptLog();
  const {work} = accessExpiry({db, log, now: () => new Date(now)});
  await work(never);
  await assertLeft(t, db);
  t.like(lines(), {
    length: 1,
    0: {
      leases: 2,
      refreshTokens: 1,
      applicationTokens: 1,
      msg: 'expired tokens and leases removed',
    },
  });
  await work(never);
  t.deepEqual(lines(), [], 'there was nothing to do, and nothing to tell');
});

test('a run that fails is logged, and the next one does the work', async (t) => {
  const db = await freshDatabase(t);
  await fill(db);
  const {log, lines} = keptLog();
  const done = Promise.withResolvers<undefined>();
  const job = accessExpiry({db, log, now: () => new Date(now)});
  let runs = 0;
  const periodic = new Periodic({
    ...job,
    log,
    interval: 1,
    work: async (signal) => {
      runs += 1;
      if (runs === 1) throw new Error('the database is away');
      await job.work(signal);
      done.resolve(undefined);
    },
  });
  t.teardown(async () => periodic.close());
  // It keeps no process alive, and there is nothing else here that does.
  const alive = setInterval(() => undefined, 1000);
  t.teardown(() => {
    clearInterval(alive);
  });
  await done.promise;
  await periodic.close();
  await assertLeft(t, db);
  const [failure] = lines();
  t.like(failure, {
    level: 'error',
    msg: 'expiry of tokens and leases failed',
    err: {message: 'the database is away'},
  });
});
