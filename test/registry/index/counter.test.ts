/** Pulls and pushes are counted, and nobody waits for it. */
import test from 'ava';
import {sql} from 'kysely';
import {Counter} from '../../../src/registry/index/counter.ts';
import {createLog} from '../../../src/observability/log.ts';
import {parseRepositoryName} from '../../../src/oci/name.ts';
import {freshDatabase} from '../../metadata/workbench.ts';
import {pushImage, randomContent} from '../../support/content.ts';
import {openIndexOf} from '../../support/content-index.ts';
import {startInProcess} from '../../support/in-process.ts';

test('a GET of a manifest counts, by its tag and by its digest, and a HEAD does not', async (t) => {
  const server = await startInProcess(t, {now: () => new Date('2026-11-26T23:59:00Z')});
  const {api} = server;
  const {digest} = await pushImage(api, 'team/app', {tag: 'v1', layers: [randomContent()]});
  const path = '/v2/team/app/manifests';
  for (let count = 0; count < 3; count += 1) await api.get(`${path}/v1`).expect(200);
  for (let count = 0; count < 2; count += 1) await api.get(`${path}/${digest}`).expect(200);
  for (let count = 0; count < 5; count += 1) await api.head(`${path}/v1`).expect(200);
  await api.get(`${path}/v1`).set('If-None-Match', `"${digest}"`).expect(304);
  await api.get(`${path}/v9`).expect(404);
  await server.stop();

  const db = openIndexOf(t, server);
  const pulls = await db.selectFrom('pulls').selectAll().orderBy('pulls').execute();
  t.deepEqual(
    pulls.map(({path: repository, reference, pulls: count}) => ({repository, reference, count})),
    [
      {repository: 'team!app', reference: 'v1', count: 3},
      {repository: 'team!app', reference: digest, count: 5},
    ],
  );
  const days = await db.selectFrom('daily_counts').selectAll().execute();
  t.deepEqual(days, [{path: 'team!app', day: '2026-11-26', pulls: 5, pushes: 1}]);
});

const log = createLog({level: 'error', format: 'json'}, {destination: process.stderr});
const a = parseRepositoryName('a');

test('what was counted at different times is added up', async (t) => {
  const db = await freshDatabase(t);
  let time = 1000;
  const counter = new Counter({db, now: () => new Date(time), log});
  for (let round = 1; round <= 3; round += 1) {
    time = round * 1000;
    counter.pulled(a, ['v1']);
    counter.pushed(a);
    await counter.flush();
  }
  const rows = await db.selectFrom('pulls').selectAll().execute();
  t.deepEqual(rows, [{path: 'a', reference: 'v1', pulls: 3, last_pulled_at: 3000}]);
  const [day] = await db.selectFrom('daily_counts').selectAll().execute();
  t.like(day, {pulls: 3, pushes: 3});
  await counter.close();
});

test('a pull does not wait for the database, and what it did not take is written once it does', async (t) => {
  const db = await freshDatabase(t);
  const told: unknown[] = [];
  const silent = {...log, error: (fields: unknown) => told.push(fields)} as unknown as typeof log;
  const counter = new Counter({db, now: () => new Date(0), log: silent});
  await sql`create trigger broken before insert on pulls begin select raise(abort, 'no'); end`.execute(
    db,
  );
  for (let count = 0; count < 500; count += 1) counter.pulled(a, [`t${count}`]);
  await counter.flush();
  await counter.flush();
  t.is(told.length, 1);
  await sql`drop trigger broken`.execute(db);
  counter.pulled(a, ['t0']);
  await counter.flush();
  const rows = await db.selectFrom('pulls').select(['reference', 'pulls']).execute();
  t.is(rows.length, 500);
  t.is(rows.find(({reference}) => reference === 't0')?.pulls, 2);
  const [day] = await db.selectFrom('daily_counts').selectAll().execute();
  t.is(day?.pulls, 501);
  await counter.close();
});
