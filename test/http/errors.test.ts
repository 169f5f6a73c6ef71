import test, {type ExecutionContext} from 'ava';
import type {Middleware} from '../../src/http/context.ts';
import {errors} from '../../src/http/middleware/errors.ts';
import {createLog} from '../../src/observability/log.ts';
import {Repeated} from '../../src/observability/repeated.ts';
import {LostLines} from '../../src/observability/lost-lines.ts';
import {createMetrics} from '../../src/observability/metrics.ts';
import {errorCodes, type ErrorName, RegistryError} from '../../src/oci/errors.ts';
import {StorageError, type StorageErrorKind} from '../../src/storage/driver.ts';
import {serveMiddleware} from '../support/middleware-server.ts';
import {exchange, type WireAnswer} from '../support/raw-http.ts';
import {specifiedCodes} from '../support/specification.ts';

/** The two of 5xx, which the specification leaves open. */
const ofServers = ['UNAVAILABLE', 'UNKNOWN'];

interface Outcome {
  readonly answer: WireAnswer | undefined;
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly metrics: string;
}

/** How the mapper answers what a handler throws, over the wire. */
async function outcomeOf(t: ExecutionContext, thrown: unknown): Promise<Outcome> {
  const log: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => {
      log.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  const metrics = createMetrics({
    space: async () => Promise.resolve({total: 1, available: 1}),
    databaseFaults: [],
    version: '1',
    lostLines: new LostLines(),
    digestsWaiting: () => 0,
  });
  const logged: Middleware = async (ctx, next) => {
    ctx.state.log = createLog({level: 'debug', format: 'json'}, {destination});
    await next();
  };
  const server = await serveMiddleware(
    t,
    logged,
    errors({metrics, repeated: new Repeated()}),
    () => {
      throw thrown;
    },
  );
  const answer = await exchange(t, server, 'GET /');
  return {answer, log, metrics: await metrics.registry.metrics()};
}

interface Item {
  readonly code: string;
  readonly message: string;
}

const itemsOf = (answer: WireAnswer | undefined): readonly Item[] =>
  (JSON.parse(String(answer?.body)) as {errors: Item[]}).errors;

for (const name of Object.keys(errorCodes) as ErrorName[]) {
  const {status} = errorCodes[name];
  test(`${name} is answered ${status} with a code of the specification`, async (t) => {
    const {answer, log} = await outcomeOf(t, new RegistryError(name));
    t.is(answer?.status, status);
    t.is(answer?.headers['content-type'], 'application/json');
    const [item, ...more] = itemsOf(answer);
    t.true((status < 500 ? specifiedCodes : ofServers).includes(item?.code ?? ''), item?.code);
    t.truthy(item?.message);
    t.deepEqual(more, []);
    t.deepEqual(log, []);
  });
}

test('one answer carries all that is wrong, and the headers that belong to it', async (t) => {
  const details = [{detail: {digest: 'a'}, headers: {Allow: 'GET'}}, {detail: {digest: 'b'}}];
  const {answer} = await outcomeOf(t, new RegistryError('MANIFEST_BLOB_UNKNOWN', details));
  t.deepEqual(
    itemsOf(answer).map((item) => (item as Item & {detail: unknown}).detail),
    [{digest: 'a'}, {digest: 'b'}],
  );
  t.is(answer?.headers['allow'], 'GET');
});

const secret = 'ENOENT: /srv/secret/place';

for (const thrown of [
  new TypeError(secret),
  Object.assign(new Error(secret), {status: 418}),
  secret,
]) {
  test(`${String(thrown).split(':', 1)[0] ?? ''} (${typeof thrown}) that nobody foresaw is answered UNKNOWN, and told to the log alone`, async (t) => {
    const {answer, log} = await outcomeOf(t, thrown);
    t.is(answer?.status, 500);
    t.is(itemsOf(answer)[0]?.code, 'UNKNOWN');
    t.false(String(answer?.body).includes('secret'));
    t.is(log.length, 1);
    t.like(log[0], {level: 'error', msg: 'request failed'});
    t.true(JSON.stringify(log[0]?.['err']).includes(secret));
    if (thrown instanceof TypeError) t.regex(JSON.stringify(log), /errors\.test\.ts/);
  });
}

const kinds: readonly (readonly [
  StorageErrorKind,
  number,
  string,
  retryAfter: string | undefined,
])[] = [
  ['full', 507, 'UNAVAILABLE', undefined],
  ['read-only', 503, 'UNAVAILABLE', '5'],
  ['unavailable', 503, 'UNAVAILABLE', '5'],
  ['corrupt', 500, 'UNKNOWN', undefined],
  ['too-large', 413, 'SIZE_INVALID', undefined],
];

for (const [kind, status, code, retryAfter] of kinds) {
  test(`storage that is ${kind} is answered ${status} ${code}, and counted`, async (t) => {
    const {answer, log, metrics} = await outcomeOf(t, new StorageError(kind, secret));
    t.is(answer?.status, status);
    t.is(answer?.headers['content-type'], 'application/json');
    t.is(answer?.headers['retry-after'], retryAfter);
    t.is(itemsOf(answer)[0]?.code, code);
    t.false(String(answer?.body).includes('secret'));
    const told = log.filter(({level}) => level !== 'debug');
    t.is(told.length, 1);
    t.like(told[0], {level: kind === 'too-large' ? 'info' : 'error', kind});
    t.true(metrics.includes(`holdfast_storage_errors_total{kind="${kind}"} 1\n`));
  });
}
