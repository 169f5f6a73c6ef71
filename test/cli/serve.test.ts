import {once} from 'node:events';
import {access, readFile} from 'node:fs/promises';
import {request} from 'node:http';
import type {ClientRequest, IncomingMessage} from 'node:http';
import {connect, createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {ask} from '../support/registry.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {holdfast, said, startCommand} from './holdfast.ts';

async function serve(
  t: ExecutionContext,
  args: readonly string[] = ['--tls', 'off'],
  env: Readonly<Record<string, string>> = {},
  argv0?: string,
) {
  const cwd = await temporaryDirectory(t);
  const words = ['serve', '--listen', '127.0.0.1:0', '--auth', 'none', ...args];
  const child = startCommand(t, words, {cwd, env, ...(argv0 === undefined ? {} : {argv0})});
  const exited = once(child, 'exit');
  const welcome = await said(child, 'stderr', /curl .*\n/);
  const url = /listens on (\S+)/.exec(welcome)?.[1] ?? '';
  return {cwd, child, exited, welcome, url};
}

const answer = async (asked: ClientRequest) => {
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return {status: response.statusCode, headers: response.headers, body: await text(response)};
};

/** An upload of which the server has the first byte and waits for the second. */
async function halfAnUpload(url: string): Promise<ClientRequest> {
  const {headers} = await answer(request(`${url}/v2/a/blobs/uploads/`, {method: 'POST'}).end());
  const location = new URL(headers.location ?? '', url);
  const patch = request(location, {
    method: 'PATCH',
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': 2,
      expect: '100-continue',
    },
  });
  patch.flushHeaders();
  await once(patch, 'continue');
  patch.write('a');
  return patch;
}

async function untilRefused({hostname, port}: URL): Promise<void> {
  for (;;) {
    const socket = connect(Number(port), hostname);
    const refused = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(false);
      });
      socket.once('error', () => {
        resolve(true);
      });
    });
    socket.destroy();
    if (refused) return;
  }
}

test('serve says where it listens and what to type next, and answers there over TLS', async (t) => {
  const {welcome, url, cwd} = await serve(t, []);
  const {host} = new URL(url);
  const port = host.split(':')[1] ?? '';
  t.true(url.startsWith('https://127.0.0.1:'));
  t.true(welcome.includes(`Everything lies in ${cwd}/data`));
  t.true(welcome.includes(`docker push localhost:${port}/alpine\n`));
  t.true(welcome.includes(`curl --cacert ${cwd}/data/certs/ca.crt https://localhost:${port}/v2/`));
  const {status} = await ask({url, caFile: join(cwd, 'data/certs/ca.crt')}, '/v2/');
  t.is(status, 200);
});

test('a port that is taken is told, with who to ask and what to do', async (t) => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.teardown(() => holder.close());
  const {port} = holder.address() as AddressInfo;
  const cwd = await temporaryDirectory(t);
  const args = ['--data-dir', 'my data', 'serve', '--tls', 'off', '--listen', `127.0.0.1:${port}`];
  const direct = await holdfast(args, {cwd});
  t.is(direct.code, 1);
  t.true(direct.stderr.startsWith(`holdfast: 127.0.0.1:${port} is taken by another process\n`));
  t.regex(direct.stderr, new RegExp(`ss -ltnp 'sport = :${port}'|lsof .*:${port}`));
  const again = `--data-dir 'my data' --tls off --listen localhost:${port + 1}\n`;
  t.true(direct.stderr.includes(`holdfast serve ${again}`));
  const underNpm = await holdfast(args, {cwd, env: {npm_lifecycle_event: 'start'}});
  t.true(underNpm.stderr.includes(`npm start -- ${again}`));
  for (const name of ['metrics', 'token']) {
    const variable = `HOLDFAST_${name.toUpperCase()}_LISTEN`;
    const env = {[variable]: `127.0.0.1:${port}`};
    const other = await holdfast(['serve', '--tls', 'off', '--listen', '127.0.0.1:0'], {cwd, env});
    t.is(other.code, 1);
    t.true(
      other.stderr.includes(
        `    set ${name}.listen, or ${variable}, to an address such as localhost:${port + 1}\n`,
      ),
      other.stderr,
    );
  }
});

test('an address that is not of this host, and an unknown name, are told', async (t) => {
  const cwd = await temporaryDirectory(t);
  const env = {HOLDFAST_AUTH_OPEN_TO_NETWORK: 'true'};
  const serve = async (address: string) =>
    holdfast(['serve', '--tls', 'off', '--auth', 'none', '--listen', address], {cwd, env});
  const foreign = await serve('203.0.113.5:5000');
  t.like(foreign, {code: 1});
  t.regex(foreign.stderr, /^holdfast: 203\.0\.113\.5:5000 is no address of this host/);
  const unknown = await serve('none.invalid:1');
  t.like(unknown, {code: 1});
  t.regex(unknown.stderr, /^holdfast: none\.invalid is no name that this host knows/);
});

test('with a fault in the configuration nothing is started or made', async (t) => {
  const cwd = await temporaryDirectory(t);
  const {code, stderr} = await holdfast(['serve', '--tls', 'on', '--listen', '5000'], {cwd});
  t.is(code, 2);
  t.regex(stderr, /2 faults/);
  t.regex(
    stderr,
    /tls\.mode: must be one of self-signed, files, off, not "on"\n {4}given by flag --tls/,
  );
  t.regex(stderr, /http\.listen\[0\]: must be HOST:PORT.*\n {4}given by flag --listen/);
  await t.throwsAsync(access(join(cwd, 'data')));
});

test('--read-only answers a push with 405', async (t) => {
  const {url} = await serve(t, ['--tls', 'off', '--read-only']);
  const {status} = await answer(request(`${url}/v2/a/blobs/uploads/`, {method: 'POST'}).end());
  t.is(status, 405);
});

test('SIGTERM lets a request in flight finish, takes no new connection, and ends with 0', async (t) => {
  const {url, child, exited} = await serve(t);
  const patch = await halfAnUpload(url);
  child.kill('SIGTERM');
  await untilRefused(new URL(url));
  patch.end('b');
  t.is((await answer(patch)).status, 202);
  t.deepEqual(await exited, [0, null]);
});

test('SIGTERM ends a request that takes longer than http.drainTimeout, and exits with 0', async (t) => {
  const env = {HOLDFAST_HTTP_DRAIN_TIMEOUT: '100ms'};
  const {url, child, exited} = await serve(t, ['--tls', 'off'], env);
  const patch = await halfAnUpload(url);
  const cut = once(patch, 'error');
  child.kill('SIGTERM');
  t.deepEqual(await exited, [0, null]);
  await cut;
});

test('a second signal ends the drain at once, with 1', async (t) => {
  const {url, child, exited} = await serve(t);
  const patch = await halfAnUpload(url);
  const cut = once(patch, 'error');
  child.kill('SIGINT');
  t.regex(
    await said(child, 'stderr', /stopping.*\n/),
    /^stopping: 1 request in flight, at most 30 s; Ctrl-C again ends it at once\n$/m,
  );
  child.kill('SIGINT');
  t.deepEqual(await exited, [1, null]);
  await cut;
});

for (const [name, env, argv0] of [
  ['npm', {npm_lifecycle_event: 'start'}, undefined],
  ['the Node that was too old', {}, 'holdfast-relayed'],
] as const) {
  test(`the copy of Ctrl-C that ${name} passes on does not end the drain`, async (t) => {
    const {url, child, exited} = await serve(t, ['--tls', 'off'], env, argv0);
    const patch = await halfAnUpload(url);
    child.kill('SIGINT');
    await said(child, 'stdout', /"stopping"/);
    child.kill('SIGINT');
    patch.end('b');
    t.is((await answer(patch)).status, 202);
    t.deepEqual(await exited, [0, null]);
  });
}

test('a registry that was stopped starts again on its directory with the same upload secret', async (t) => {
  const {cwd, child, exited} = await serve(t);
  const secret = await readFile(join(cwd, 'data/keys/upload-secret'));
  child.kill('SIGTERM');
  await exited;
  const args = ['serve', '--tls', 'off', '--listen', '127.0.0.1:0'];
  const again = startCommand(t, args, {cwd});
  const ended = once(again, 'exit');
  await said(again, 'stderr', /listens on/);
  again.kill('SIGTERM');
  t.deepEqual(await ended, [0, null]);
  t.deepEqual(await readFile(join(cwd, 'data/keys/upload-secret')), secret);
});
