/** Holdfast behind a real nginx, which ends TLS and puts it below a path. */
import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import type {IncomingMessage} from 'node:http';
import {request} from 'node:https';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {config, imageOf, randomContent} from '../support/content.ts';
import {startInProcess, type InProcess, type Settings} from '../support/in-process.ts';
import {freePort} from '../support/ports.ts';
import {startService} from '../support/service.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {until} from '../support/raw-request.ts';

const prefix = '/containers/registry';

/** nginx over TLS at `port`, handing everything below the prefix to Holdfast; answers its certificate. */
async function startNginx(
  t: ExecutionContext,
  port: number,
  holdfast: InProcess,
  location: string,
): Promise<string> {
  const directory = await temporaryDirectory(t);
  const [certificate, key] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await run('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join('\n    ');
  const configFile = join(directory, 'nginx.conf');
  await writeFile(
    configFile,
    `daemon off;
# The directory of the test is its owner's alone, and answers that are buffered go there.
user root;
pid ${directory}/nginx.pid;
error_log stderr notice;
worker_processes 1;
events {}
http {
    access_log off;
    ${temporary}
    server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${certificate};
        ssl_certificate_key ${key};
        client_max_body_size 0;
        location ${prefix}/ {
            ${location}
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_set_header Host $http_host;
            proxy_set_header Connection "";
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Request-Id $request_id;
        }
    }
}
`.replaceAll('HOLDFAST', holdfast.url),
  );
  const words = ['-c', configFile, '-e', 'stderr'];
  const service = await startService(t, 'nginx', words, {ready: /start worker process /});
  t.teardown(() => {
    if (!t.passed) t.log(service.output(), holdfast.log);
  });
  return readFile(certificate, 'utf8');
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

type Ask = (method: string, path: string, body?: Buffer, type?: string) => Promise<Answer>;

/** Clients that verify nginx's certificate, and resolve Locations against the address they asked. */
function clientOf(origin: string, certificate: string): Ask {
  return async (method, path, body, type = 'application/octet-stream') => {
    const headers = body ? {'Content-Type': type, 'Content-Length': body.length} : {};
    const asked = request(new URL(path, origin), {method, headers, ca: certificate, agent: false});
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    // Behind an early answer nobody takes the rest of the body.
    asked.on('error', () => undefined);
    const {statusCode: status = 0} = response;
    return {status, headers: response.headers, body: await buffer(response)};
  };
}

const locationOf = ({headers}: Answer): string => String(headers['location']);

/** Ways to run Holdfast below a path: who knows the path, nginx alone or Holdfast too. */
const setups: Readonly<
  Record<string, {readonly settings: (origin: string) => Settings; readonly location: string}>
> = {
  'externalUrl has the path': {
    settings: (origin) => ({externalUrl: `${origin}${prefix}`}),
    location: 'proxy_pass HOLDFAST;',
  },
  'nginx strips the path and tells it': {
    settings: () => ({http: {trustedProxies: ['127.0.0.1']}}),
    location: `proxy_pass HOLDFAST/; proxy_set_header X-Forwarded-Prefix ${prefix};`,
  },
  'nginx strips the path, and Locations are absolute': {
    settings: () => ({http: {trustedProxies: ['127.0.0.1'], locations: 'absolute'}}),
    location: `proxy_pass HOLDFAST/; proxy_set_header X-Forwarded-Prefix ${prefix};`,
  },
};

for (const [name, {settings, location}] of Object.entries(setups)) {
  testWith(
    ['nginx', 'openssl'],
    `what is pushed through nginx is pulled through it: ${name}`,
    async (t) => {
      const port = await freePort(t);
      const origin = `https://127.0.0.1:${port}`;
      const holdfast = await startInProcess(t, settings(origin));
      const ask = clientOf(origin, await startNginx(t, port, holdfast, location));
      const base = `${prefix}/v2/team/app`;
      const layer = randomContent(8_000_000);

      for (const {bytes, digest} of [config, layer]) {
        const started = await ask('POST', `${base}/blobs/uploads/`);
        t.is(started.status, 202);
        t.true(new URL(locationOf(started), origin).href.startsWith(`${origin}${base}/`));
        const sent = await ask('PATCH', locationOf(started), bytes);
        t.is(sent.status, 202);
        const closed = await ask('PUT', `${locationOf(sent)}&digest=${digest}`);
        t.is(closed.status, 201);
        t.true((await ask('GET', locationOf(closed))).body.equals(bytes));
      }
      const {bytes, descriptor} = imageOf([layer]);
      const pushed = await ask('PUT', `${base}/manifests/v1`, bytes, descriptor.mediaType);
      t.is(pushed.status, 201);
      t.true((await ask('GET', locationOf(pushed))).body.equals(bytes));
      t.deepEqual(JSON.parse(String((await ask('GET', `${base}/tags/list`)).body)), {
        name: 'team/app',
        tags: ['v1'],
      });
    },
  );
}

testWith(
  ['nginx', 'openssl'],
  'nginx hands on an answer that comes before the body, and its request id',
  async (t) => {
    const port = await freePort(t);
    const origin = `https://127.0.0.1:${port}`;
    const holdfast = await startInProcess(t, {
      externalUrl: `${origin}${prefix}`,
      http: {trustedProxies: ['127.0.0.1']},
    });
    const ask = clientOf(origin, await startNginx(t, port, holdfast, 'proxy_pass HOLDFAST;'));
    const answer = await ask('PUT', `${prefix}/v2/a/manifests/v1`, Buffer.alloc(5_000_000));
    t.is(answer.status, 413);
    t.regex(String(answer.body), /"MANIFEST_INVALID"/);
    const id = answer.headers['x-request-id'];
    t.regex(String(id), /^[\da-f]{32}$/);
    await until(() =>
      holdfast.log.some(({requestId, status}) => requestId === id && status === 413),
    );
  },
);
