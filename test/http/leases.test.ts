/** A push that outlives its token. */
import test from 'ava';
import supertest from 'supertest';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {setPassword} from '../../src/metadata/users.ts';
import {
  bearer,
  lastRefused,
  soon,
  startWithAccounts,
  type WithAccounts,
} from '../support/accounts.ts';
import {run} from '../support/command.ts';
import {
  type Api,
  config,
  imageOf,
  indexOf,
  putManifest,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {entry} from '../support/serve-process.ts';

const [minute, hour] = [60_000, 3_600_000];
const scope = 'repository:anna/app:pull,push,delete';

interface Push {
  readonly holdfast: WithAccounts;
  readonly anna: Api;
  readonly later: (milliseconds: number) => void;
  readonly now: () => Date;
}

/** Anna has a token, which the clock can be moved beyond. */
async function begin(t: Parameters<typeof startWithAccounts>[0]): Promise<Push> {
  let time = Date.now();
  const now = () => new Date(time);
  const holdfast = await startWithAccounts(t, {now});
  await holdfast.person('anna');
  const anna = holdfast.as(bearer(await holdfast.token('anna', scope)));
  return {
    holdfast,
    anna,
    now,
    later: (milliseconds) => {
      time += milliseconds;
    },
  };
}

test('an upload begun in time is continued and finished with the token that has expired', async (t) => {
  const {anna, later} = await begin(t);
  const {bytes, digest} = randomContent(300);
  const first = await startUpload(anna, 'anna/app');
  later(17 * minute);
  const answer = await sendChunk(anna, first, bytes.subarray(0, 100), 0).expect(202);
  later(hour);
  const next = answer.get('Location') ?? '';
  const end = await sendBytes(anna, 'put', withDigest(next, digest), bytes.subarray(100));
  t.is(end.status, 201);
});

test('it is finished though the key of its token was replaced, which counts as long as the lease', async (t) => {
  const {holdfast, anna, later} = await begin(t);
  const location = await startUpload(anna, 'anna/app');
  const words = ['keys', 'rotate', '--data-dir', holdfast.dataDir];
  await run(process.execPath, [entry, ...words]);
  later(17 * minute);
  await sendBytes(anna, 'put', withDigest(location, config.digest), config.bytes).expect(201);
  t.is(holdfast.log.filter(({msg}) => msg === 'key of tokens in force').length, 2);
});

test('it is finished after a restart: the lease is on the disk', async (t) => {
  const {holdfast, later, now} = await begin(t);
  const token = bearer(await holdfast.token('anna', scope));
  const location = await startUpload(holdfast.as(token), 'anna/app');
  await holdfast.stop();
  later(17 * minute);
  const {dataDir} = holdfast;
  const {url} = await startInProcess(t, {dataDir, auth: {mode: 'accounts'}, now});
  const anna = supertest.agent(url).set('Authorization', token);
  await sendBytes(anna, 'put', withDigest(location, config.digest), config.bytes).expect(201);
  t.is((await anna.get('/v2/')).status, 401, 'the token itself has expired');
});

test('a manifest is put with it where it names a blob of this token, and an index of that manifest', async (t) => {
  const {anna, later} = await begin(t);
  const location = await startUpload(anna, 'anna/app');
  later(17 * minute);
  await sendBytes(anna, 'put', withDigest(location, config.digest), config.bytes).expect(201);
  const image = imageOf([]);
  await putManifest(anna, 'anna/app', image.digest, image).expect(201);
  t.is((await putManifest(anna, 'anna/app', 'latest', indexOf([image]))).status, 201);
});

test('no manifest is put with it that names nothing of this token', async (t) => {
  const {holdfast, anna, later} = await begin(t);
  const other = holdfast.as(bearer(await holdfast.token('anna', scope)));
  const blobs = '/v2/anna/app/blobs/uploads/';
  await sendBytes(other, 'post', `${blobs}?digest=${config.digest}`, config.bytes).expect(201);
  await startUpload(anna, 'anna/app');
  later(17 * minute);
  const answer = await putManifest(anna, 'anna/app', 'latest', imageOf([])).expect(401);
  t.true(answer.get('WWW-Authenticate')?.endsWith('error="invalid_token"'));
  const artifact = {mediaType: 'application/vnd.oci.image.index.v1+json', manifests: []};
  await putManifest(anna, 'anna/app', 'latest', imageOf([], artifact)).expect(401);
  await putManifest(other, 'anna/app', 'latest', imageOf([])).expect(201);
});

test('everything else is answered invalid_token once the token has expired', async (t) => {
  const {anna, later} = await begin(t);
  const location = await startUpload(anna, 'anna/app');
  later(17 * minute);
  const refused = [
    anna.get('/v2/'),
    anna.get('/v2/anna/app/tags/list'),
    anna.head(`/v2/anna/app/blobs/${config.digest}`),
    anna.get(location),
    anna.post('/v2/anna/app/blobs/uploads/'),
    anna.delete(location),
    anna.delete(`/v2/anna/app/blobs/${config.digest}`),
    anna.delete('/v2/anna/app/manifests/latest'),
    anna.patch(location.replace('anna/app', 'anna/other')),
    anna.put('/v2/anna/other/manifests/latest'),
  ];
  for (const request of refused) {
    const answer = await request;
    t.is(answer.status, 401, `${request.method} ${request.url}`);
    t.true(answer.get('WWW-Authenticate')?.endsWith('error="invalid_token"'));
  }
});

test('a token that began no upload in time is of no use after it', async (t) => {
  const {holdfast, anna, later} = await begin(t);
  const location = await startUpload(anna, 'anna/app');
  const other = holdfast.as(bearer(await holdfast.token('anna', scope)));
  later(17 * minute);
  t.is((await other.patch(location)).status, 401);
  t.is((await other.put(withDigest(location, config.digest))).status, 401);
});

test('the lease ends two hours after the token', async (t) => {
  const {anna, later} = await begin(t);
  const location = await startUpload(anna, 'anna/app');
  later(15 * minute + 2 * hour - 1000);
  t.is((await anna.patch(location)).status, 202);
  later(2000);
  t.is((await anna.patch(location)).status, 401);
});

const changes = {
  'a changed password': setPassword,
  'a disabled account': setEnabled,
} as const;
for (const [what, change] of Object.entries(changes)) {
  test(`${what} ends the lease with the token`, async (t) => {
    const {holdfast, anna, later} = await begin(t);
    const location = await startUpload(anna, 'anna/app');
    later(17 * minute);
    await sendBytes(anna, 'put', withDigest(location, config.digest), config.bytes).expect(201);
    const image = imageOf([]);
    await putManifest(anna, 'anna/app', 'v1', image).expect(201);
    const {id} = await holdfast.db
      .selectFrom('users')
      .select('id')
      .where('name', '=', 'anna')
      .executeTakeFirstOrThrow();
    await change(holdfast.db, {id, passwordHash: null, isEnabled: false, now: Date.now()});
    const replay = async () => (await putManifest(anna, 'anna/app', 'v1', image)).status === 401;
    const last = await lastRefused(replay);
    t.true(last < soon, `${last} ms later it still counted`);
    t.is((await anna.patch(location)).status, 401);
  });
}
