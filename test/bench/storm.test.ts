/** What the measurement of HEAD takes for an answer. */
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import {storm} from '../../bench/client/storm.ts';
import {tlsServer} from '../support/tls-server.ts';

const question = {path: '/v2/', headers: {}, connections: 2, seconds: 0.2};

test('a connection that the server cuts is no answer', async (t) => {
  let answers = 0;
  const server = createServer((request, response) => {
    if (++answers > 2) request.socket.destroy();
    else response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const {port} = server.address() as AddressInfo;
  await t.throwsAsync(storm({...question, url: `http://127.0.0.1:${port}`}), {
    message: /closed the connection|ECONNRESET/,
  });
});

test('HEAD is measured over TLS as well', async (t) => {
  const {url} = await tlsServer(t, (_, response) => response.end());
  const {answers, rate} = await storm({...question, url});
  t.true(answers > 1);
  t.true(rate > 0);
});
