import {once} from 'node:events';
import {readFile, rename, writeFile} from 'node:fs/promises';
import {Agent, createServer, request} from 'node:https';
import type {Server} from 'node:https';
import type {AddressInfo} from 'node:net';
import {TLSSocket} from 'node:tls';
import {setTimeout as patience} from 'node:timers/promises';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import type {Certificates} from '../../src/tls/certificates.ts';
import type {Workbench} from './workbench.ts';
import {day, opensslPair, tlsSettings, workbench, soon} from './workbench.ts';

async function serve(t: ExecutionContext, certificates: Certificates): Promise<Server> {
  const {cert, key} = certificates.current();
  const server = createServer({cert, key, keepAliveTimeout: 60_000}, (_request, response) => {
    response.end('ok');
  });
  certificates.onChange((now) => {
    server.setSecureContext({cert: now.cert, key: now.key});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

interface Answer {
  readonly socket: TLSSocket;
  readonly fingerprint256: string;
}

async function get(server: Server, agent: Agent, ca: string): Promise<Answer> {
  const {port} = server.address() as AddressInfo;
  const sent = request({host: '127.0.0.1', port, agent, ca});
  sent.end();
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  const {socket} = sent;
  response.resume();
  await once(response, 'end');
  if (!(socket instanceof TLSSocket)) throw new Error('not TLS');
  return {socket, fingerprint256: socket.getPeerCertificate().fingerprint256};
}

const keepAlive = (t: ExecutionContext): Agent => {
  const agent = new Agent({keepAlive: true, maxSockets: 1, maxCachedSessions: 0});
  t.teardown(() => {
    agent.destroy();
  });
  return agent;
};

test('a renewal drops no connection: an open one goes on, a new one gets the new certificate, both under one CA', async (t) => {
  const bench = await workbench(t);
  bench.time = new Date(soon().getTime() - 340 * day);
  const certificates = await bench.open();
  const former = certificates.current().fingerprint256;
  const ca = await bench.read('ca.crt');
  const server = await serve(t, certificates);
  const agent = keepAlive(t);
  const before = await get(server, agent, ca);
  t.is(before.fingerprint256, former);
  bench.time = soon();
  await certificates.refresh();
  const open = await get(server, agent, ca);
  t.is(open.socket, before.socket);
  const fresh = await get(server, keepAlive(t), ca);
  t.is(fresh.fingerprint256, certificates.current().fingerprint256);
  t.not(fresh.fingerprint256, former);
});

async function replacePair(bench: Workbench, name: string): Promise<void> {
  await opensslPair(bench.path('new.crt'), bench.path('new.key'), 'SEC1', {name});
  await rename(bench.path('new.crt'), bench.path('server.crt'));
  await rename(bench.path('new.key'), bench.path('server.key'));
}

async function givenPair(t: ExecutionContext): Promise<{bench: Workbench; opened: Certificates}> {
  const bench = await workbench(t);
  bench.time = soon();
  await replacePair(bench, 'one.example.org');
  const opened = await bench.open({tls: tlsSettings({mode: 'files'})});
  return {bench, opened};
}

test('files that change are reloaded by the timer', async (t) => {
  const bench = await workbench(t);
  await replacePair(bench, 'one.example.org');
  bench.time = soon();
  const tls = tlsSettings({mode: 'files'});
  const opened = await bench.open({tls, pollInterval: 5});
  const changed = new Promise<string>((resolve) => {
    opened.onChange(({cert}) => {
      resolve(cert);
    });
  });
  await replacePair(bench, 'two.example.org');
  // Keeps the process alive, which the timer under test does not; until it has come, and no longer.
  const waiting = new AbortController();
  const {signal} = waiting;
  const cert = await Promise.race([changed, patience(60_000, 'nothing happened', {signal})]);
  waiting.abort();
  t.is(cert, await bench.read('server.crt'));
});

test('files that change in place within one tick of the clock are reloaded', async (t) => {
  const {bench, opened} = await givenPair(t);
  const before = opened.current().cert;
  await opensslPair(bench.path('new.crt'), bench.path('new.key'), 'SEC1');
  await writeFile(bench.path('server.crt'), await readFile(bench.path('new.crt')));
  await writeFile(bench.path('server.key'), await readFile(bench.path('new.key')));
  await opened.refresh();
  t.not(opened.current().cert, before);
});

test('a broken pair on disk is logged once as an error, and the former stays in force', async (t) => {
  const {bench, opened} = await givenPair(t);
  const {cert} = opened.current();
  await writeFile(bench.path('server.key'), 'garbage');
  await opened.refresh();
  await opened.refresh();
  t.deepEqual(bench.said('error'), ['certificate not reloaded, the former stays in force']);
  t.is(opened.current().cert, cert);
});

test('a pair whose second file comes late is reloaded when it has come', async (t) => {
  const {bench, opened} = await givenPair(t);
  const heard: string[] = [];
  opened.onChange(({fingerprint256}) => heard.push(fingerprint256));
  await opensslPair(bench.path('new.crt'), bench.path('new.key'), 'SEC1');
  await rename(bench.path('new.crt'), bench.path('server.crt'));
  await opened.refresh();
  t.deepEqual(heard, []);
  await rename(bench.path('new.key'), bench.path('server.key'));
  await opened.refresh();
  t.deepEqual(heard, [opened.current().fingerprint256]);
});

test('a pair that is removed on disk stays in force', async (t) => {
  const {bench, opened} = await givenPair(t);
  await rename(bench.path('server.key'), bench.path('elsewhere'));
  await opened.refresh();
  t.is(bench.said('error').length, 1);
  await rename(bench.path('elsewhere'), bench.path('server.key'));
  await opened.refresh();
  t.is(bench.said('error').length, 1);
});

test('an expired pair on disk does not replace a valid one', async (t) => {
  const {bench, opened} = await givenPair(t);
  const {cert} = opened.current();
  await opensslPair(bench.path('server.crt'), bench.path('server.key'), 'SEC1', {days: 2});
  bench.time = new Date(bench.time.getTime() + 3 * day);
  await opened.refresh();
  t.is(opened.current().cert, cert);
  t.is(bench.said('error').length, 1);
});

test('a listener that has ended its subscription hears nothing', async (t) => {
  const {bench, opened} = await givenPair(t);
  const end = opened.onChange(() => t.fail());
  end();
  await replacePair(bench, 'two.example.org');
  await opened.refresh();
  t.true(opened.current().cert.length > 0);
});

test('after close() files are no longer looked at', async (t) => {
  const {bench, opened} = await givenPair(t);
  const {cert} = opened.current();
  await opened.close();
  await replacePair(bench, 'two.example.org');
  await opened.refresh();
  t.is(opened.current().cert, cert);
});
