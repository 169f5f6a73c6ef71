/** `holdfast reindex` and `holdfast index status`, with a server and without one. */
import {mkdirSync} from 'node:fs';
import {mkdir, readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openDatabase} from '../../src/metadata/database.ts';
import {onEachServer} from '../contract/engines.ts';
import {pushImage, randomContent} from '../support/content.ts';
import {openIndexOf, requireAgreement} from '../support/content-index.ts';
import {urlOf} from '../support/database-server.ts';
import {keys, writeKey} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {entry} from '../support/serve-process.ts';
import {onTerminal} from '../support/terminal.ts';
import {testWith} from '../support/test-with.ts';
import {bench} from './administration-workbench.ts';

/** Three repositories in ./data, of a server that has stopped. */
async function filled(t: ExecutionContext): Promise<InProcess & {readonly cwd: string}> {
  const {cwd} = await bench(t);
  const server = await startInProcess(t, {dataDir: join(cwd, 'data')});
  for (const name of ['a', 'b', 'c/d']) {
    await pushImage(server.api, name, {tag: 'v1', layers: [randomContent()]});
  }
  await server.stop();
  return {...server, cwd};
}

test('without a server and without a database reindex makes the index, and says what it found', async (t) => {
  const server = await filled(t);
  const {run, json} = await bench(t, server.cwd);
  await rm(join(server.dataDir, 'database'), {recursive: true});
  const {code, stdout, stderr} = await run('reindex');
  t.is(code, 0, stderr);
  t.is(
    stdout,
    '3 repositories; the index was wrong about 3 tags and 3 manifests, and is right now\n',
  );
  await requireAgreement(t, server, openIndexOf(t, server));
  t.like(await json('reindex'), {repositories: 3, tags: 0, manifests: 0, gone: 0});
  const again = await run('reindex --verbose');
  t.is(
    again.stderr,
    `holdfast: no server runs, the database is opened: ${server.cwd}/data/database/holdfast.db\n`,
  );
  t.is(again.stdout, '3 repositories, and the index was right about all of them\n');
  t.like(await json('index status'), {state: 'complete', repositories: 3, openChanges: 0});
  await rm(join(server.dataDir, 'registry', keys.repository('b')), {recursive: true});
  t.is(
    (await run('reindex')).stdout,
    '2 repositories, and 1 that the storage has no more is gone from the index; the index was right about all of them\n',
  );
});

test('through a server without accounts reindex finds what others have put there, and accounts are made beside it', async (t) => {
  const former = await filled(t);
  const server = await startInProcess(t, {dataDir: former.dataDir});
  const {run, json} = await bench(t, former.cwd);
  const digest = (await server.api.head('/v2/a/manifests/v1')).get('Docker-Content-Digest') ?? '';
  await writeKey(server, keys.tag('a', 'by-hand'), digest);
  t.like(await json('reindex'), {repositories: 3, tags: 1, manifests: 0});
  await requireAgreement(t, server, openIndexOf(t, server));
  t.regex((await run('index status')).stdout, /^state: +complete$/m);
  const made = await run('user create anna --password-stdin', 'correct horse');
  t.is(made.code, 0);
  t.true(made.stdout.includes(`(a server without accounts runs; in ${former.dataDir})`));
});

onEachServer(
  'the index is made again in a database server, and found to be right there',
  async (t, engine) => {
    const server = await filled(t);
    const place = await (await engine.server(t)).fresh();
    await writeFile(
      join(server.cwd, 'holdfast.yaml'),
      JSON.stringify({metadata: {url: urlOf(place)}}),
    );
    const {json} = await bench(t, server.cwd);
    t.like(await json('reindex'), {repositories: 3, tags: 3, manifests: 3});
    t.like(await json('reindex'), {repositories: 3, tags: 0, manifests: 0});
    const {db, close} = await openDatabase({server: place});
    t.teardown(close);
    await requireAgreement(t, server, db);
    t.like(await json('index status'), {state: 'complete', repositories: 3, openChanges: 0});
  },
);

test('reindex of a data directory that is not there says so', async (t) => {
  const {run} = await bench(t);
  const {code, stderr} = await run('reindex --data-dir ./nowhere');
  t.is(code, 2, stderr);
  t.regex(stderr, /nowhere/);
});

test('reindex of an empty directory makes nothing there, and asks whether it is mounted', async (t) => {
  const {run, cwd} = await bench(t);
  await mkdir(join(cwd, 'mounted-later'));
  const {code, stderr} = await run('reindex --data-dir ./mounted-later');
  t.is(code, 2, stderr);
  t.regex(stderr, /there is nothing in \S+mounted-later\/registry: is it mounted\?/);
  t.deepEqual(await readdir(join(cwd, 'mounted-later')), []);
});

testWith(
  ['script'],
  'on a terminal a line says how far it is, and is gone at the end',
  async (t) => {
    const server = await filled(t);
    const {json} = await bench(t, server.cwd);
    await json('reindex');
    const {code, output} = await onTerminal(t, `${process.execPath} ${entry} reindex`, [], {
      cwd: server.cwd,
      env: {PATH: process.env['PATH']},
    });
    t.is(code, 0, output);
    t.regex(output, /\[[.#]{30}\] +\d+ %, \d+ of about 3 repositories/);
    t.true(output.includes('\r\u001B[K3 repositories, and the index was right'));
  },
);

testWith(['script'], 'Ctrl-C ends it with a sentence and 130', async (t) => {
  const {cwd} = await bench(t);
  const repositories = join(cwd, 'data/registry/docker/registry/v2/repositories');
  for (let count = 0; count < 3000; count++) {
    mkdirSync(join(repositories, `a${count}/_manifests/tags`), {recursive: true});
  }
  const {code, output} = await onTerminal(
    t,
    `exec ${process.execPath} ${entry} reindex`,
    [{after: /repositories/, type: '\u0003'}],
    {cwd, env: {PATH: process.env['PATH']}},
  );
  t.is(code, 130, output);
  t.regex(output, /holdfast: stopped: the next time it goes on from here\r\n$/);
  t.notRegex(output, /\n +at /);
});
