/** What the API tells of how clients reach this registry and come to trust it. */
import {X509Certificate} from 'node:crypto';
import tls from 'node:tls';
import test from 'ava';
import {z} from 'zod';
import {makeServerCertificate} from '../../support/certificate.ts';
import {startInProcess} from '../../support/in-process.ts';
import {memoryDirectory} from '../../support/temporary-directory.ts';
import {WebClient} from '../../support/web-client.ts';

const described = z.object({
  names: z.array(z.string()),
  expires_at: z.string(),
  days_left: z.number(),
  sha256: z.string(),
});
const connection = z.object({
  host: z.string(),
  url: z.string(),
  external_url: z.string().nullable(),
  login_command: z.string(),
  tls_mode: z.string(),
  trust: z.string(),
  certificate: described.extend({is_of_own_ca: z.boolean(), problem: z.string().nullable()}),
  ca: described.extend({pem: z.string(), path: z.string()}).nullable(),
  clients: z.array(
    z.object({
      client: z.string(),
      files: z.array(z.object({path: z.string(), content: z.string().nullable()})),
      commands: z.array(z.string()),
    }),
  ),
});
const plain = connection.extend({certificate: z.null(), ca: z.null()});

const ask = async (url: string): Promise<unknown> => {
  const {body} = await new WebClient().get(`${url}/api/v1/connection`);
  return JSON.parse(body);
};

test('of a certificate of the own CA everybody is told the CA, and where clients want it', async (t) => {
  const {url, port} = await startInProcess(t, {tls: {mode: 'self-signed'}});
  const {ca, certificate, clients, ...told} = connection.parse(await ask(url));
  const host = `127.0.0.1:${port}`;
  t.deepEqual(told, {
    host,
    url: `https://${host}`,
    external_url: null,
    login_command: `docker login ${host}`,
    tls_mode: 'self-signed',
    trust: 'needed',
  });
  t.like(certificate, {is_of_own_ca: true, problem: null});
  t.true(certificate.names.includes('127.0.0.1'));
  const anchor = new X509Certificate(ca?.pem ?? '');
  t.is(ca?.sha256, anchor.fingerprint256);
  t.true((ca?.days_left ?? 0) > 365);
  const places = clients.flatMap(({files}) => files.map(({path}) => path));
  t.true(places.includes(`/etc/docker/certs.d/${host}/ca.crt`));
  t.true(places.includes(`/etc/containers/certs.d/${host}/ca.crt`));
  t.true(places.includes(`/etc/containerd/certs.d/${host}/hosts.toml`));
  t.true(clients.some(({commands}) => commands.includes('sudo update-ca-certificates')));
});

test('the CA is a file that a client can use as it comes', async (t) => {
  const {url, port} = await startInProcess(t, {tls: {mode: 'self-signed'}});
  const {status, headers, body} = await new WebClient().get(`${url}/api/v1/connection/ca.crt`);
  t.is(status, 200);
  t.is(headers['content-type'], 'application/x-pem-file');
  t.is(headers['content-disposition'], 'attachment; filename="ca.crt"');
  const {promise, resolve, reject} = Promise.withResolvers<boolean>();
  const socket = tls.connect({host: '127.0.0.1', port, ca: body}, () => {
    resolve(socket.authorized);
  });
  socket.on('error', reject);
  t.true(await promise);
  socket.destroy();
});

test('of a certificate that somebody else has issued, no CA is told', async (t) => {
  const directory = await memoryDirectory(t);
  const {certificateFile, keyFile} = await makeServerCertificate(directory, ['other.example.org']);
  const {url} = await startInProcess(t, {
    tls: {mode: 'files', certificate: certificateFile, key: keyFile},
  });
  const told = connection.parse(await ask(url));
  t.like(told, {tls_mode: 'files', trust: 'by-issuer', ca: null});
  t.false(told.certificate.is_of_own_ca);
  t.regex(told.certificate.problem ?? '', /is not for 127\.0\.0\.1/);
  t.is((await new WebClient().get(`${url}/api/v1/connection/ca.crt`)).status, 404);
});

test('on plain HTTP clients are told how they speak it', async (t) => {
  const {url, port} = await startInProcess(t);
  const told = plain.parse(await ask(url));
  t.like(told, {tls_mode: 'off', trust: 'none', host: `127.0.0.1:${port}`});
  const [docker] = told.clients;
  t.deepEqual(JSON.parse(docker?.files[0]?.content ?? ''), {
    'insecure-registries': [`127.0.0.1:${port}`],
  });
});

test('behind a proxy that has the certificate, its host is told, without a port that goes without saying', async (t) => {
  const externalUrl = 'https://registry.example.org:443/images';
  const {url} = await startInProcess(t, {externalUrl});
  const told = plain.parse(await ask(url));
  t.like(told, {host: 'registry.example.org', trust: 'by-issuer', external_url: externalUrl});
  t.true(told.url.startsWith('https://registry.example.org'));
});
