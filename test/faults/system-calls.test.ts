/** Every system call of the driver fails in every request that makes it: the answer is an error or true, and the request can be repeated. */
import {strict as assert} from 'node:assert';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
import {codesOf, contentOf, type ErrorItem, sendBytes, startUpload} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {rawRequest, type RawAnswer} from '../support/raw-request.ts';
import {type Call, calls, type Fault, type FaultySystem, faultySystem} from './faulty-system.ts';
import {changes} from './changes.ts';
import {directoryOfDeadProcess} from './dead-process.ts';
import {finishUpload, type Phase, type Prepare} from './phase.ts';
import {pulls} from './pulls.ts';
import {uploads} from './uploads.ts';

const full = {status: 507, message: /^the storage is full/};
const readOnly = {status: 503, message: /^the storage can only be read/};
const away = {status: 503, message: /^the storage does not answer; try again$/};
const answers: Readonly<Record<string, typeof full>> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: readOnly,
  EACCES: readOnly,
};

async function send(server: InProcess, phase: Phase): Promise<RawAnswer | undefined> {
  const {method, headers = {}, body} = phase;
  // A download that was cut has no answer.
  return rawRequest(server, {method, path: phase.path, headers, ...(body ? {body} : {})}).catch(
    () => undefined,
  );
}

function judgeFailure(answer: RawAnswer | undefined, {method}: Phase, {code}: Fault): void {
  if (!answer) {
    assert.equal(method, 'GET', 'the connection was cut');
    return;
  }
  const {status, headers, body} = answer;
  const wanted = answers[code] ?? away;
  assert.equal(status, wanted.status, `${status} ${body.toString()}`);
  if (method === 'HEAD') return;
  assert.equal(headers['content-type'], 'application/json');
  const {errors} = JSON.parse(body.toString()) as {errors: readonly ErrorItem[]};
  assert.equal(errors[0]?.code, 'UNAVAILABLE');
  assert.match(errors[0].message, wanted.message);
  if (status === 503) assert.equal(headers['retry-after'], '5');
}

const disk = ['ESTALE'];
const names = [...disk, 'EACCES'];
const writes = [...disk, 'ENOSPC', 'EROFS'];

/** What each call may fail with beside EIO, each time it is made. */
const codes: Readonly<Record<Call, readonly string[]>> = {
  open: [...writes, 'EACCES', 'EMFILE'],
  close: [...disk, 'EDQUOT'],
  read: disk,
  writev: [...writes, 'EDQUOT'],
  fsync: writes,
  datasync: writes,
  truncate: writes,
  fstat: disk,
  stat: names,
  lstat: names,
  statfs: names,
  link: [...writes, 'EACCES'],
  rename: [...writes, 'EACCES'],
  unlink: [...writes, 'EACCES'],
  mkdir: [...writes, 'EACCES'],
  rmdir: [...writes, 'EACCES'],
  readdir: names,
  utimes: [...disk, 'EROFS', 'EACCES'],
};

/** What disks do to a server that runs: each call fails with each of them by itself, where it can, and with the rest only together with all others of its kind. */
const single: ReadonlySet<string> = new Set(['ENOSPC', 'ESTALE', 'EROFS']);

const singleFor = (call: Call): readonly string[] => [
  'EIO',
  ...codes[call].filter((code) => single.has(code)),
];

/** Those that a network file system may have done although it answers an error. */
const loses: ReadonlySet<Call> = new Set(['link', 'rename', 'unlink', 'mkdir', 'rmdir']);

/** Where little is left, every request looks how much. */
const scarceSystem: System = {
  ...realSystem,
  statfs: async (path) => {
    const space = await realSystem.statfs(path);
    const blocks = 1024 ** 3 / space.bsize;
    return Object.assign(space, {blocks, bfree: blocks, bavail: blocks});
  },
};

/** What was not made durable is not done. */
const syncs: ReadonlySet<Call> = new Set(['fsync', 'datasync']);

/** Whether it has struck. */
function note({call}: Fault, struck: () => number): boolean {
  const hasStruck = struck() > 0;
  if (hasStruck) struckCalls.add(call);
  return hasStruck;
}

async function play(
  server: InProcess,
  faulty: FaultySystem,
  prepare: Prepare,
  name: string,
  fault: Fault,
): Promise<boolean> {
  const phase = await prepare(server, name, faulty);
  const struck = faulty.arm(fault);
  const answer = await send(server, phase);
  const hasStruck = note(fault, struck);
  // The first rename is that of the first file of the upload, which is taken away when all else is done.
  const isTidying = phase.tidies === true && faulty.countBefore('rename') > 0;
  faulty.disarm();
  const isDone = answer?.status === phase.status;
  if (isDone) phase.judge?.(answer);
  else judgeFailure(answer, phase, fault);
  if (!hasStruck) assert.ok(isDone, `${answer?.status ?? 0} without a fault`);
  if (hasStruck && syncs.has(fault.call) && !isTidying) {
    assert.ok(!isDone, 'a failed sync was passed over');
  }
  await phase.look?.(isDone);
  if (isDone && !hasStruck) return false;
  const again = await send(server, phase);
  const allowed = [phase.status, ...(phase.repeated ?? [])];
  if (!isDone)
    assert.ok(
      allowed.includes(again?.status ?? 0),
      `then ${again?.status ?? 0} ${again?.body.toString() ?? ''}`,
    );
  if (again?.status === phase.status) phase.judge?.(again);
  await phase.end?.();
  await phase.look?.(true);
  return hasStruck;
}

/** `npm run test:cuts`: every call, with every code. */
const isEvery = process.env['TEST_EVERY_CUT'] !== undefined;

const turns = new Map<string, number>();

/** Counted for each thing by itself. */
function nextTurn(what: string): number {
  const turn = turns.get(what) ?? 0;
  turns.set(what, turn + 1);
  return turn;
}

/** In the short form one at a time, so that a request tries the next one of those that the request before it has tried. */
function othersFor(call: Call): readonly string[] {
  if (isEvery) return codes[call];
  return codes[call].slice(nextTurn(`codes of ${call}`) % codes[call].length).slice(0, 1);
}

/** In the short form every fifth of the calls of a kind, in the next request beginning one later: requests that differ little have the others. */
const fifth = (from: number, times: number): readonly number[] =>
  Array.from({length: times}, (_, at) => at + 1).filter((nth) => (nth + from) % 5 === 0);

/** How often the request makes each call, when nothing fails. */
async function countCalls(
  server: InProcess,
  faulty: FaultySystem,
  prepare: Prepare,
): Promise<ReadonlyMap<Call, number>> {
  const phase = await prepare(server, 'counted', faulty);
  faulty.disarm();
  await send(server, phase);
  const counts = new Map(calls.map((call) => [call, faulty.count(call)]));
  await phase.end?.();
  return counts;
}

async function playAll(t: ExecutionContext, prepare: Prepare): Promise<void> {
  const faulty = faultySystem(scarceSystem);
  const dataDir = await directoryOfDeadProcess(t);
  const server = await startInProcess(t, {system: faulty.system, dataDir});
  t.teardown(() => {
    faulty.disarm();
  });
  played.add(prepare);
  const failures: string[] = [];
  let round = 0;
  const strike = async (fault: Fault): Promise<boolean> => {
    round += 1;
    try {
      return await play(server, faulty, prepare, `r${round}`, fault);
    } catch (error) {
      faulty.disarm();
      failures.push(`${JSON.stringify(fault)}: ${String(error).replaceAll('\n', ' ')}`);
      return true;
    }
  };
  const counts = await countCalls(server, faulty, prepare);
  /** Each time that it is made; answers whether it is made at all. */
  const strikeEach = async ({
    call,
    done = false,
  }: Omit<Fault, 'nth' | 'code'>): Promise<boolean> => {
    const single = done ? ['EIO'] : singleFor(call);
    const times = counts.get(call) ?? 0;
    if (!isEvery) {
      // One code after the other.
      for (const nth of fifth(nextTurn(`${call} ${done}`), times)) {
        const code = single[nextTurn(`single ${call}`) % single.length] ?? 'EIO';
        await strike({call, code, done, nth});
      }
      return times > 0;
    }
    for (const code of single) {
      for (let nth = 1; nth <= 30; nth += 1) {
        if (await strike({call, code, done, nth})) continue;
        if (nth === 1) return false;
        break;
      }
    }
    return true;
  };
  for (const call of calls) {
    if (!(await strikeEach({call}))) continue;
    for (const code of othersFor(call)) await strike({call, code});
    if (loses.has(call)) await strikeEach({call, done: true});
  }
  t.log(`${round} rounds`);
  t.deepEqual(failures, []);
}

test('a checkpoint that can’t be synced ends a PATCH with 503, and keeps none of its bytes', async (t) => {
  const faulty = faultySystem();
  const server = await startInProcess(t, {system: faulty.system});
  const blob = contentOf(Buffer.alloc(70 * 1024 * 1024, 'x'));
  const location = await startUpload(server.api, 'a');
  const fault = {call: 'datasync', code: 'EIO'} as const;
  const struck = faulty.arm(fault);
  const refused = await sendBytes(server.api, 'patch', location, blob.bytes);
  t.is(refused.status, 503);
  t.deepEqual(codesOf(refused), ['UNAVAILABLE']);
  t.is(struck(), 1);
  t.true(note(fault, struck));
  faulty.disarm();
  t.is((await server.api.get(location)).get('Range'), '0-0');
  t.deepEqual(
    (await filesBelow(server, keys.uploads('a'))).map((file) => path.basename(file)),
    ['startedat'],
  );
  await finishUpload(server, 'a', location, blob);
});

const requests = Object.entries({...pulls, ...uploads, ...changes});
/** Filled by all tests of this file. */
const played = new Set<Prepare>();
const struckCalls = new Set<Call>();

test.after('there is no system call of the driver that did not fail in some request', (t) => {
  // A run of some tests alone does not reach all.
  const wanted = played.size < requests.length ? [] : calls;
  t.deepEqual(
    wanted.filter((call) => !struckCalls.has(call)),
    [],
  );
});

for (const [title, prepare] of requests) {
  test(`${title}: whatever system call fails, no answer is untrue and the next attempt succeeds`, async (t) =>
    playAll(t, prepare));
}
