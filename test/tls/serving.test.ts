import {readFile} from 'node:fs/promises';
import {Agent, request} from 'node:https';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Socket} from 'node:net';
import {connect} from 'node:tls';
import test from 'ava';
import {run} from '../support/command.ts';
import {startInProcess} from '../support/in-process.ts';
import {entry} from '../support/serve-process.ts';

async function get(
  url: string,
  agent: Agent,
): Promise<{status: number | undefined; body: string; socket: Socket}> {
  return new Promise((resolve, reject) => {
    request(url, {agent}, (response) => {
      text(response).then((body) => {
        resolve({status: response.statusCode, body, socket: response.socket});
      }, reject);
    })
      .once('error', reject)
      .end();
  });
}

async function servedFingerprint(port: number, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({host: '127.0.0.1', port, ca}, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

test('a renewed certificate is served to new connections, and those that are open go on', async (t) => {
  const server = await startInProcess(t, {
    tls: {mode: 'self-signed'},
    metrics: {listen: ['127.0.0.1:0']},
  });
  const ca = await readFile(join(server.dataDir, 'certs/ca.crt'));
  const agent = new Agent({ca, keepAlive: true, maxSockets: 1});
  t.teardown(() => {
    agent.destroy();
  });
  const before = await get(`${server.url}/v2/`, agent);
  const former = await servedFingerprint(server.port, ca);

  const words = ['certificate', 'renew', '--force', '--data-dir', server.dataDir];
  await run(process.execPath, [entry, ...words]);
  while (!server.log.some(({msg}) => msg === 'certificate reloaded')) await sleep(50);

  t.not(await servedFingerprint(server.port, ca), former);
  const after = await get(`${server.url}/readyz`, agent);
  t.is(after.socket, before.socket);
  t.is(after.status, 200);
  t.regex(after.body, /"certificate","status":"ok","message":"valid until 20/);

  const metrics = await (await fetch(`${server.metricsUrl ?? ''}/metrics`)).text();
  const seconds = /^holdfast_certificate_expiry_timestamp_seconds (\S+)$/m.exec(metrics)?.[1];
  t.true(Number(seconds) > Date.now() / 1000 + 300 * 86_400);
});
