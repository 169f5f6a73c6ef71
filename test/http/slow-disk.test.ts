/** A disk that is slow is not a client that is silent. The disk's slowness is played by the middle of these little servers. */
import {once} from 'node:events';
import {Readable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {setImmediate, setTimeout as pass} from 'node:timers/promises';
import test from 'ava';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {unreadAnswer} from '../../src/http/middleware/unread-answer.ts';
import {withBody} from '../../src/http/request-body.ts';
import {startUpload} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {serveMiddleware} from '../support/middleware-server.ts';
import {openWire} from '../support/raw-http.ts';

const idleTimeout = 100;
const hang = idleTimeout * 4;

test('a body that nobody has begun to read is not silent', async (t) => {
  const server = await serveMiddleware(t, async (ctx) => {
    ctx.body = await withBody(ctx, idleTimeout, async (body, signal) => {
      await pass(hang);
      signal.throwIfAborted();
      return text(body);
    });
  });
  const wire = await openWire(t, server);
  await wire.send('PUT /', [], 'content');
  t.is(String((await wire.answer())?.body), 'content');
});

test('a body that is paused while the disk writes is not silent', async (t) => {
  const server = await serveMiddleware(t, async (ctx) => {
    ctx.body = await withBody(ctx, idleTimeout, async (body, signal) => {
      const [first] = (await once(body, 'data')) as [Buffer];
      body.pause();
      await pass(hang);
      signal.throwIfAborted();
      return `${first.toString()}${await text(body)}`;
    });
  });
  const wire = await openWire(t, server);
  await wire.send('PUT /', ['Content-Length: 7'], 'con');
  await pass(hang);
  await wire.write('tent');
  t.is(String((await wire.answer())?.body), 'content');
});

test('a process that stood still blames no client for it', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: `${idleTimeout}ms`}});
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 7', 'Expect: 100-continue']);
  t.is((await wire.answer())?.status, 100);
  await wire.write('con');
  await pass(idleTimeout / 2);
  // So that time-outs are due before the network is looked at.
  await setImmediate();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, hang);
  await wire.write('tent');
  const answer = await wire.answer();
  t.is(answer?.status, 202);
  t.is(answer?.headers['range'], '0-6');
});

test('a download is not cut while the disk reads', async (t) => {
  async function* slowly() {
    yield Buffer.from('con');
    await pass(hang);
    yield Buffer.from('tent');
  }
  const server = await serveMiddleware(t, unreadAnswer(idleTimeout), (ctx) => {
    ctx.body = Readable.from(slowly());
    ctx.length = 7;
  });
  const wire = await openWire(t, server);
  await wire.send('GET /');
  t.is(String((await wire.answer())?.body), 'content');
});

test('a request that came behind another waits for the disk as long as one that came alone', async (t) => {
  const holdfast = await startInProcess(t, {
    http: {bodyIdleTimeout: `${idleTimeout}ms`},
    system: {
      ...realSystem,
      open: async (path, flags) => {
        if (path.includes('slow')) await pass(hang);
        return realSystem.open(path, flags);
      },
    },
  });
  const wire = await openWire(t, holdfast);
  const head = 'Host: test\r\n\r\n';
  await wire.write(`GET /v2/ HTTP/1.1\r\n${head}GET /v2/slow/manifests/latest HTTP/1.1\r\n${head}`);
  t.is((await wire.answer())?.status, 200);
  t.is((await wire.answer())?.status, 404);
});
