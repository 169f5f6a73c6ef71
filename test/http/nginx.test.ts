/** Holdfast behind a real nginx, which ends TLS and puts it below a path. */
import {readFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {makeServerCertificate} from '../support/certificate.ts';
import {config, imageOf, randomContent} from '../support/content.ts';
import {startInProcess, type InProcess, type Settings} from '../support/in-process.ts';
import {type ProxyAnswer, proxyClient, startNginx} from '../support/nginx.ts';
import {freePort} from '../support/ports.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {until} from '../support/raw-request.ts';

const prefix = '/containers/registry';

type Ask = (method: string, path: string, body?: Buffer, type?: string) => Promise<ProxyAnswer>;

/** Over TLS, handing everything below the prefix to Holdfast as `location` says. */
async function startProxy(
  t: ExecutionContext,
  port: number,
  {url, log}: InProcess,
  location: string,
): Promise<Ask> {
  const {certificateFile, keyFile, caFile} = await makeServerCertificate(
    await temporaryDirectory(t),
  );
  const service = await startNginx(
    t,
    `server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${certificateFile};
        ssl_certificate_key ${keyFile};
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
    }`.replaceAll('HOLDFAST', url),
  );
  t.teardown(() => {
    if (!t.passed) t.log(service.output(), log);
  });
  const ask = proxyClient(`https://127.0.0.1:${port}`, await readFile(caFile, 'utf8'));
  return async (method, path, body, type = 'application/octet-stream') => {
    const headers = body ? {'Content-Type': type, 'Content-Length': String(body.length)} : {};
    return ask(method, path, {headers, ...(body ? {body} : {})});
  };
}

const locationOf = ({headers}: ProxyAnswer): string => String(headers['location']);

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
  testWith(['nginx'], `what is pushed through nginx is pulled through it: ${name}`, async (t) => {
    const port = await freePort(t);
    const origin = `https://127.0.0.1:${port}`;
    const holdfast = await startInProcess(t, settings(origin));
    const ask = await startProxy(t, port, holdfast, location);
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
  });
}

testWith(
  ['nginx'],
  'nginx hands on an answer that comes before the body, and its request id',
  async (t) => {
    const port = await freePort(t);
    const origin = `https://127.0.0.1:${port}`;
    const holdfast = await startInProcess(t, {
      externalUrl: `${origin}${prefix}`,
      http: {trustedProxies: ['127.0.0.1']},
    });
    const ask = await startProxy(t, port, holdfast, 'proxy_pass HOLDFAST;');
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
