/**
 * Two nodes serve at once. One stands still in the middle of a deletion, before each call of its driver in turn; the other one is asked to put something
 * into that repository; the first goes on. What the other has said is there is there, and no tag leads to what is gone.
 */
import type {ExecutionContext} from 'ava';
import {type Content, imageOf, pushBlob, pushImage, randomContent} from '../support/content.ts';
import {operate} from '../support/content-index.ts';
import {startPostgres, urlOf} from '../support/database-server.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {missingPrograms} from '../support/programs.ts';
import {rawRequest, type RawAnswer, until} from '../support/raw-request.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {Awaited, lazily} from './awaited.ts';
import {besideOthers, sharedSettings} from './beside-others.ts';
import {PausingNode, type Serving} from './pausing-node.ts';

/** In the short form a few of the calls. */
const stride = process.env['TEST_EVERY_PAUSE'] === undefined ? 13 : 1;

interface Pair {
  readonly paused: PausingNode;
  /** The one that stands still. */
  readonly first: Serving;
  readonly second: InProcess;
  /** In the database of both. */
  readonly query: (sql: string) => Promise<readonly Record<string, unknown>[]>;
}

async function pairOf(t: ExecutionContext): Promise<Pair> {
  const server = await startPostgres(t);
  const address = await server.fresh();
  const database = urlOf(address);
  const dataDir = await memoryDirectory(t);
  const paused = new PausingNode(t);
  const first = await paused.serve(dataDir, database);
  const second = await startInProcess(t, {
    ...sharedSettings('second', database),
    dataDir,
    membership: besideOthers('second'),
  });
  const query = async (sql: string) => server.administer(sql, address.database);
  return {paused, first, second, query};
}

/** Whether it was done. */
type Remove = (server: Asked, name: string, held: Content) => Promise<boolean>;

/** A server with its name. */
interface Asked extends Serving {
  readonly node: string;
}

interface Encounter {
  readonly remove: Remove;
  /** What is put meanwhile, and by which tag. */
  readonly put: (
    held: Content,
    other: Content,
  ) => {readonly content: Content; readonly tag: string};
  /** Whether the put is to be seen, whichever of the two was first. */
  readonly staysAlways?: true;
  /** Which of the two stands still. */
  readonly paused: 'removal' | 'push';
}

const manifestPath = (name: string, reference: string): string =>
  `/v2/${name}/manifests/${reference}`;

const deleteManifest: Remove = async ({port}, name, {digest}) => {
  const request = {method: 'DELETE', path: manifestPath(name, digest)};
  return (await rawRequest({port}, request)).status === 202;
};

const deleteRepository: Remove = async ({node, dataDir}, name) => {
  const answer: unknown = await operate({dataDir}, 'repository delete', {input: {name}, node});
  return typeof answer === 'object' && answer !== null && !('error' in answer);
};

const again = (held: Content) => ({content: held, tag: 'v2'});
const another = (_held: Content, other: Content) => ({content: other, tag: 'v1'});

const encounters: Readonly<Record<string, Encounter>> = {
  'a manifest that a node deletes slowly while it is pushed to another': {
    ...{remove: deleteManifest, put: again, paused: 'removal'},
  },
  'a manifest that is pushed slowly to a node while another deletes it': {
    ...{remove: deleteManifest, put: again, paused: 'push'},
  },
  'a tag that is set on a node while another slowly deletes the manifest that it had': {
    ...{remove: deleteManifest, put: another, paused: 'removal', staysAlways: true},
  },
  'a tag that is slowly set on a node while another deletes the manifest that it had': {
    ...{remove: deleteManifest, put: another, paused: 'push', staysAlways: true},
  },
  'a repository that a node deletes slowly while it is pushed to another': {
    ...{remove: deleteRepository, put: again, paused: 'removal'},
  },
  'a repository that is pushed to slowly while another node deletes it': {
    ...{remove: deleteRepository, put: again, paused: 'push'},
  },
};

/** All that it takes to pull it; else what is wrong. */
async function problemsOf({port}: InProcess, name: string): Promise<readonly string[]> {
  const get = async (path: string): Promise<RawAnswer> => rawRequest({port}, {path});
  const list = await get(`/v2/${name}/tags/list`);
  if (list.status === 404) return [];
  const {tags} = JSON.parse(list.body.toString()) as {tags: readonly string[] | null};
  const problems: string[] = [];
  for (const tag of tags ?? []) {
    const {status, body} = await get(manifestPath(name, tag));
    if (status !== 200) problems.push(`${tag} is listed and answered ${status}`);
    if (status !== 200) continue;
    const {config, layers} = JSON.parse(body.toString()) as {
      config: {digest: string};
      layers: readonly {digest: string}[];
    };
    for (const {digest} of [config, ...layers]) {
      const blob = await get(`/v2/${name}/blobs/${digest}`);
      if (blob.status !== 200) problems.push(`${digest} of ${tag} is answered ${blob.status}`);
    }
  }
  return problems;
}

/** False where what stands still was over before so many calls. */
async function meet(
  t: ExecutionContext,
  {paused, first, second}: Pair,
  {remove, put, staysAlways, paused: slow}: Encounter,
  call: number,
): Promise<boolean> {
  const name = `r${call}`;
  const when = `before call ${call}`;
  const layers = [randomContent(100)];
  const held = await pushImage(second.api, name, {tag: 'v1', layers});
  const own = randomContent(100);
  await pushBlob(second.api, name, own);
  const {content, tag} = put(held, imageOf([own]));
  const headers = {'Content-Type': content.descriptor.mediaType};
  const request = {method: 'PUT', path: manifestPath(name, tag), headers, body: content.bytes};
  const slowly = {...first, node: 'another'};
  const meanwhile = {...second, node: 'second'};
  const removal = lazily(async () => remove(slow === 'removal' ? slowly : meanwhile, name, held));
  const push = lazily(async () => rawRequest(slow === 'push' ? slowly : meanwhile, request));
  const [before, after] = slow === 'removal' ? [removal, push] : [push, removal];
  const waiting = () =>
    second.log.filter(({msg}) => String(msg).startsWith('waits for what is begun')).length;
  await paused.standStillBefore(call);
  const standing = before();
  await until(async () => standing.isOver || (await paused.isStandingStill()));
  const stands = !standing.isOver;
  if (stands) {
    const waited = waiting();
    const other = after();
    await until(() => other.isOver || waiting() > waited);
  }
  await paused.goOn();
  t.true(await removal().answer, when);
  const {status} = await push().answer;
  t.true(status === 201 || (status === 404 && !staysAlways), `${status} ${when}`);
  t.deepEqual(await problemsOf(second, name), [], when);
  const get = async (reference: string) =>
    rawRequest({port: second.port}, {path: manifestPath(name, reference)});
  const [byTag, byDigest] = [await get(tag), await get(content.digest)];
  if (status === 201) t.is(byTag.status, byDigest.status, `one half of the push is gone, ${when}`);
  if (staysAlways) t.true(byTag.body.equals(content.bytes), `the push is gone, ${when}`);
  return stands;
}

const reasons = [...missingPrograms(['unshare', 'postgres']), ...unlessRoot];

for (const [title, encounter] of Object.entries(encounters)) {
  testUnless(reasons, `${title} is there whole or not at all`, async (t) => {
    t.timeout(600_000);
    const pair = await pairOf(t);
    let call = 1;
    try {
      while (await meet(t, pair, encounter, call)) call += stride;
    } finally {
      await pair.paused.goOn();
      await pair.paused.stop();
    }
    t.true(call > 1);
    t.log(`${(call - 1) / stride} times`);
  });
}

testUnless(
  reasons,
  'a push waits for a deletion of another node as long as that may write, is told so, and goes on when it is gone',
  async (t) => {
    t.timeout(120_000);
    const {paused, first, second, query} = await pairOf(t);
    const held = await pushImage(second.api, 'r', {tag: 'v1'});
    const push = async () => {
      const headers = {'Content-Type': held.descriptor.mediaType};
      const path = manifestPath('r', 'v1');
      return rawRequest({port: second.port}, {method: 'PUT', path, headers, body: held.bytes});
    };
    await paused.standStillBefore(20);
    const removal = new Awaited(deleteManifest({...first, node: 'another'}, 'r', held));
    await until(async () => paused.isStandingStill());
    const refused = await push();
    t.is(refused.status, 503);
    t.is(refused.headers['retry-after'], '5');
    t.regex(refused.body.toString(), /another node changes r at present, and nothing was changed/);
    await paused.goOn();
    t.true(await removal.answer);
    t.is((await push()).status, 201);
    await paused.stop();

    await query("insert into removals (path, id, epoch) values ('r', 'of one that is gone', 1)");
    t.is((await push()).status, 201);
    t.deepEqual(await query('select * from removals'), []);
  },
);
