/**
 * A node stands still in the middle of a request, at each system call of its driver in turn; another takes its place; then the first goes on. It
 * publishes nothing, deletes nothing, and does not say that it did. `npm run test:paused` tries every call.
 */
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {changes} from '../faults/changes.ts';
import {faultySystem} from '../faults/faulty-system.ts';
import type {Phase, Prepare} from '../faults/phase.ts';
import {uploads} from '../faults/uploads.ts';
import {startInProcess} from '../support/in-process.ts';
import {shared} from '../support/lifetime.ts';
import {layMigratedDatabase} from '../support/migrated-database.ts';
import {missingPrograms} from '../support/programs.ts';
import {rawRequest, type RawAnswer, until} from '../support/raw-request.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {Awaited} from './awaited.ts';
import {PausingNode, type Serving} from './pausing-node.ts';
import {changesBetween, treeOf} from './tree.ts';

/** In the short form a few of the calls of each request. */
const stride = process.env['TEST_EVERY_PAUSE'] === undefined ? 47 : 1;

const node = shared(async (life) => Promise.resolve(new PausingNode(life)));

const send = async ({port}: Pick<Serving, 'port'>, phase: Phase): Promise<RawAnswer> => {
  const {method, path: to, headers = {}, body} = phase;
  return rawRequest({port}, {method, path: to, headers, ...(body ? {body} : {})});
};

/** False where the request was answered before so many calls. */
async function overtake(t: ExecutionContext, prepare: Prepare, call: number): Promise<boolean> {
  const paused = await node(t);
  const dataDir = await memoryDirectory(t);
  await layMigratedDatabase(path.join(dataDir, 'database/holdfast.db'));
  const first = await paused.serve(dataDir);
  try {
    const phase = await prepare(first, 'r', faultySystem());
    await paused.standStillBefore(call);
    const request = new Awaited(send(first, phase));
    await until(async () => request.isOver || (await paused.isStandingStill()));
    if (request.isOver) return false;
    await takeItsPlace(t, {paused, dataDir, phase, request, call});
    return true;
  } finally {
    await paused.goOn();
    await paused.stop();
  }
}

interface Overtaking {
  readonly paused: PausingNode;
  readonly dataDir: string;
  readonly phase: Phase;
  readonly request: Awaited<RawAnswer>;
  readonly call: number;
}

async function takeItsPlace(
  t: ExecutionContext,
  {paused, dataDir, phase, request, call}: Overtaking,
): Promise<void> {
  const file = path.join(dataDir, 'elsewhere/holdfast.db');
  await layMigratedDatabase(file);
  const second = await startInProcess(t, {dataDir, metadata: {file}, ui: {enabled: false}});
  const isRepeated = call % 2 === 0;
  if (isRepeated) {
    const {status, body} = await send(second, phase);
    t.true(
      [phase.status, ...(phase.repeated ?? []), 404, 416].includes(status),
      `${status} ${body.toString()} ${call}`,
    );
  }
  const before = await treeOf(dataDir);
  await paused.goOn();
  const {status} = await request.answer;
  const when = `before call ${call}, ${isRepeated ? 'repeated' : 'not repeated'}`;
  t.deepEqual(changesBetween(before, await treeOf(dataDir)), [], when);
  // The other may have done all of it by then, and the upload is gone.
  const late = isRepeated ? (phase.repeated ?? []) : [];
  t.true([phase.status, 503, ...late].includes(status), `${status} ${when}`);
  if (!isRepeated) await phase.look?.(status === phase.status);
  await paused.stop();
  t.deepEqual(changesBetween(before, await treeOf(dataDir)), [], `${when}, at its end`);
  await second.stop();
}

const reasons = [...missingPrograms(['unshare']), ...unlessRoot];
const requests = Object.entries({...uploads, ...changes}).filter(
  // It fails a call of its own before.
  ([title]) => title !== 'GET of the status of an upload whose writer died',
);

testUnless(
  reasons,
  'a node that stood still and whose place nobody took does what it was asked',
  async (t) => {
    const paused = await node(t);
    const dataDir = await memoryDirectory(t);
    const server = await paused.serve(dataDir);
    const phase = await changes['PUT of a manifest']?.(server, 'r', faultySystem());
    if (!phase) throw new TypeError('there is no such request');
    await paused.standStillBefore(10);
    const request = new Awaited(send(server, phase));
    await until(async () => paused.isStandingStill());
    const before = await treeOf(dataDir);
    await paused.goOn();
    t.is((await request.answer).status, 201);
    // So the other tests would see it.
    t.true(changesBetween(before, await treeOf(dataDir)).length > 3);
    await paused.stop();
  },
);

for (const [at, [title, prepare]] of requests.entries()) {
  testUnless(
    reasons,
    `${title}: a node that stood still meanwhile changes nothing once another has taken its place`,
    async (t) => {
      t.timeout(600_000);
      const first = stride === 1 ? 1 : 1 + (at % 3);
      let call = first;
      while (await overtake(t, prepare, call)) call += stride;
      t.true(call > first);
      t.log(`${(call - first) / stride} times`);
    },
  );
}
