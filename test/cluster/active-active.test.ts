import {randomBytes} from 'node:crypto';
import test, {type ExecutionContext} from 'ava';
import {startMariadb, startPostgres, urlOf} from '../support/database-server.ts';
import {digestOf} from '../support/images.ts';
import {testWith} from '../support/test-with.ts';
import {nodesOf, type TestNode, until} from './nodes.ts';

const engines = {
  postgres: {start: startPostgres, programs: ['postgres']},
  mariadb: {start: startMariadb, programs: ['mariadbd']},
} as const;

async function pairOf(t: ExecutionContext, engine: keyof typeof engines) {
  const server = await engines[engine].start(t);
  const nodes = await nodesOf(t, {
    config: {metadata: {url: urlOf(await server.fresh())}},
    cluster: {mode: 'active-active', leaseTime: '2s'},
  });
  const a = await nodes.start('a');
  const b = await nodes.start('b');
  return {nodes, a, b};
}

const send = async (
  node: TestNode,
  method: string,
  path: string,
  body?: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(new URL(path, node.url), {
    method,
    ...(body ? {body} : {}),
    headers: {'Content-Type': 'application/octet-stream', ...headers},
  });

const indexType = 'application/vnd.oci.image.index.v1+json';
const index = (note: string): Uint8Array<ArrayBuffer> =>
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [],
      annotations: {note},
    }),
  );

/** What the API lists of the tags of `made/app`: out of the index. */
async function listedTags(node: TestNode): Promise<readonly string[]> {
  const answer = await fetch(new URL('/v2/made/app/tags/list', node.url));
  const {tags} = (await answer.json()) as {tags: string[]};
  return tags;
}

for (const engine of ['postgres', 'mariadb'] as const) {
  const {programs} = engines[engine];
  testWith(
    programs,
    `${engine}: two nodes serve one directory, and an upload goes on where the other node left it`,
    async (t) => {
      const {nodes, a, b} = await pairOf(t, engine);
      t.is((await a.ask('/healthz/active')).status, 200);
      t.is((await b.ask('/healthz/active')).status, 200);

      // Each chunk to the other node.
      const bytes = randomBytes(300_000);
      const begun = await send(a, 'POST', '/v2/made/app/blobs/uploads/');
      let location = begun.headers.get('location') ?? '';
      for (const [at, node] of [b, a, b].entries()) {
        const chunk = bytes.subarray(at * 100_000, (at + 1) * 100_000);
        const range = `${at * 100_000}-${(at + 1) * 100_000 - 1}`;
        const answer = await send(node, 'PATCH', location, chunk, {'Content-Range': range});
        t.is(answer.status, 202, `chunk ${at}`);
        location = answer.headers.get('location') ?? '';
      }
      const digest = digestOf(bytes);
      const closed = await send(
        a,
        'PUT',
        `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`,
      );
      t.is(closed.status, 201);
      t.deepEqual((await b.ask(`/v2/made/app/blobs/${digest}`)).body, bytes);

      // What one pushes the other serves, at once; the last one wins on both.
      for (const [at, node] of [a, b, a, b].entries()) {
        const other = node === a ? b : a;
        const text = index(String(at));
        const put = await send(node, 'PUT', '/v2/made/app/manifests/v1', text, {
          'Content-Type': indexType,
        });
        t.is(put.status, 201);
        t.deepEqual(
          (await other.ask('/v2/made/app/manifests/v1', {headers: {Accept: indexType}})).body,
          Buffer.from(text),
        );
      }
      t.deepEqual(await listedTags(a), ['v1']);
      t.deepEqual(await listedTags(b), ['v1']);

      // One that is killed takes nothing with it, and comes back beside the other.
      await a.service.stop('SIGKILL');
      t.is(
        (
          await send(b, 'PUT', '/v2/made/app/manifests/v2', index('v2'), {
            'Content-Type': indexType,
          })
        ).status,
        201,
      );
      const again = await nodes.start('a');
      await until(again, '/healthz/active');
      t.deepEqual(await listedTags(again), ['v1', 'v2']);
      t.regex(await b.command('status'), /^state: +active$/m);
    },
  );
}

testWith(
  engines.postgres.programs,
  'a node that has to change the database does not start while another one works on it',
  async (t) => {
    const server = await startPostgres(t);
    const {database, ...address} = await server.fresh();
    const nodes = await nodesOf(t, {
      config: {metadata: {url: urlOf({...address, database})}},
      cluster: {mode: 'active-active'},
    });
    const a = await nodes.start('a');
    // As a version would find it that has one more change.
    await server.administer(
      "delete from kysely_migration where name in ('0011-index-turns', '0012-removals-additive')",
      database,
    );
    await server.administer('drop table removals', database);
    await server.administer("delete from revisions where name = 'index'", database);
    const error = await t.throwsAsync(nodes.start('b'));
    t.regex(error.message, /\(0011-index-turns\), and a may work on it as it is: stop every other/);
    t.is((await a.ask('/healthz/active')).status, 200);
    await a.service.stop();
    const b = await nodes.start('b');
    t.is((await b.ask('/healthz/active')).status, 200);
  },
);

test('active-active is refused where the database is a file', async (t) => {
  const nodes = await nodesOf(t, {cluster: {mode: 'active-active'}});
  const error = await t.throwsAsync(nodes.start('a'));
  t.regex(error.message, /several hosts can not write one SQLite file/);
});
