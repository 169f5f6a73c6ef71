import {X509Certificate} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {Command} from 'commander';
import {z} from 'zod';
import {certificateCommand} from '../../src/cli/certificate.ts';
import {configSchema} from '../../src/config/schema.ts';
import {openCertificates} from '../../src/tls/open-certificates.ts';
import {freshDirectory, opensslPair, run} from './workbench.ts';

const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};

interface Frame {
  readonly directory: string;
  readonly path: (name: string) => string;
  /** Starts a registry's certificates once, as `serve` does. */
  readonly start: () => Promise<void>;
  readonly certificate: (...args: string[]) => Promise<string>;
}

async function frame(t: ExecutionContext, settings: Record<string, unknown> = {}): Promise<Frame> {
  const dataDir = await freshDirectory(t);
  const config = configSchema.parse({dataDir, ...settings});
  const directory = join(dataDir, 'certs');
  return {
    directory,
    path: (name) => join(directory, name),
    async start() {
      const opened = await openCertificates({tls: config.tls, directory, log, pollInterval: 0});
      await opened.close();
    },
    async certificate(...args) {
      let output = '';
      const command = new Command('certificate');
      certificateCommand(
        command,
        () => config,
        (text) => (output += text),
      );
      await command.exitOverride().parseAsync(args, {from: 'user'});
      return output;
    },
  };
}

test('show tells names, validity, fingerprint, key and files', async (t) => {
  const {start, certificate, path} = await frame(t);
  await start();
  const output = await certificate('show');
  const {fingerprint256} = new X509Certificate(await readFile(path('server.crt')));
  t.regex(output, /^names: +localhost, 127\.0\.0\.1, ::1/m);
  t.regex(output, /^valid until: .*\(364 days left\)$/m);
  t.true(output.includes(fingerprint256));
  t.regex(output, /^key: +EC P-256$/m);
  t.true(output.includes(path('server.key')));
  t.regex(output, /^renewal: +by itself from /m);
});

test('show --json is JSON', async (t) => {
  const {start, certificate, path} = await frame(t);
  await start();
  const shown = z
    .object({
      source: z.literal('self-signed'),
      daysLeft: z.literal(364),
      files: z.object({certificate: z.literal(path('server.crt'))}),
      authority: z.object({file: z.literal(path('ca.crt')), daysLeft: z.literal(3652)}),
    })
    .safeParse(JSON.parse(await certificate('show', '--json')));
  t.is(shown.error, undefined);
});

test('show of an own pair says that its renewal is yours', async (t) => {
  const {certificate, path, directory} = await frame(t, {tls: {mode: 'files'}});
  await mkdir(directory);
  await opensslPair(path('server.crt'), path('server.key'), 'PKCS#1');
  const output = await certificate('show');
  t.regex(output, /^renewal: +by you/m);
  t.regex(output, /^key: +RSA 2048$/m);
});

for (const verb of ['show', 'renew', 'trust']) {
  test(`${verb} before the first start says that there is nothing yet, and makes nothing`, async (t) => {
    const {certificate, directory} = await frame(t);
    await t.throwsAsync(certificate(verb), {code: 'missing', message: /no certificate in .* yet/});
    await t.throwsAsync(readFile(directory), {code: 'ENOENT'});
  });

  test(`${verb} with tls.mode off says that there is no certificate`, async (t) => {
    const {certificate} = await frame(t, {tls: {mode: 'off'}});
    await t.throwsAsync(certificate(verb), {message: /plain HTTP/});
  });
}

test('renew leaves a certificate that is not due, and --force renews it', async (t) => {
  const {start, certificate, path} = await frame(t);
  await start();
  const before = await readFile(path('server.crt'), 'utf8');
  t.regex(await certificate('renew'), /^not due: .*--force/);
  t.is(await readFile(path('server.crt'), 'utf8'), before);
  t.regex(await certificate('renew', '--force'), /^renewed: /);
  t.not(await readFile(path('server.crt'), 'utf8'), before);
});

test('renew --json says whether it renewed', async (t) => {
  const {start, certificate} = await frame(t);
  await start();
  const answers = [
    await certificate('renew', '--json'),
    await certificate('renew', '--force', '--json'),
  ].map((text) => z.object({renewed: z.boolean()}).parse(JSON.parse(text)).renewed);
  t.deepEqual(answers, [false, true]);
});

for (const mode of ['files', 'self-signed']) {
  test(`renew in mode ${mode} refuses a pair that the local CA did not issue`, async (t) => {
    const {certificate, path, directory} = await frame(t, {tls: {mode}});
    await mkdir(directory);
    await opensslPair(path('server.crt'), path('server.key'), 'SEC1');
    const before = await readFile(path('server.crt'), 'utf8');
    await t.throwsAsync(certificate('renew', '--force'), {
      code: 'not-ours',
      message: /was not issued by the local CA but by "CN=foreign\.example\.org"/,
    });
    t.is(await readFile(path('server.crt'), 'utf8'), before);
  });
}

test('renew without the key of the CA fails and tells which file is missing', async (t) => {
  const {start, certificate, path} = await frame(t);
  await start();
  await writeFile(path('ca.key'), '');
  await t.throwsAsync(certificate('renew', '--force'), {message: /ca\.key holds no private key/});
});

test('trust prints the file of each client for the host that is asked for', async (t) => {
  const {start, certificate, path} = await frame(t);
  await start();
  const output = await certificate('trust', '--host', 'hub.example.org:5000');
  for (const file of [
    path('ca.crt'),
    '/etc/docker/certs.d/hub.example.org:5000/ca.crt',
    '/etc/containers/certs.d/hub.example.org:5000/ca.crt',
    '/etc/containerd/certs.d/hub.example.org:5000/hosts.toml',
    '/usr/local/share/ca-certificates/holdfast-hub.example.org-5000.crt',
    '/etc/pki/ca-trust/source/anchors/holdfast-hub.example.org-5000.crt',
    'config_path = "/etc/containerd/certs.d"',
    'update-ca-certificates',
    'update-ca-trust',
  ]) {
    t.true(output.includes(file), file);
  }
});

const hosts: Record<string, {settings: Record<string, unknown>; host: string}> = {
  'the external URL': {
    settings: {externalUrl: 'https://hub.example.org/registry'},
    host: 'hub.example.org',
  },
  'the first listener': {settings: {http: {listen: ['10.0.0.7:5443']}}, host: '10.0.0.7:5443'},
  'an IPv6 listener': {settings: {http: {listen: ['[fd00::7]:5000']}}, host: '[fd00::7]:5000'},
  'a listener for all addresses and the first of tls.names': {
    settings: {
      http: {listen: ['0.0.0.0:5443']},
      tls: {names: ['*.example.org', 'hub.example.org']},
    },
    host: 'hub.example.org:5443',
  },
  'a listener on port 443': {settings: {http: {listen: ['hub.lan:443']}}, host: 'hub.lan'},
};

for (const [origin, {settings, host}] of Object.entries(hosts)) {
  test(`trust without --host is for ${origin}`, async (t) => {
    const {start, certificate} = await frame(t, settings);
    await start();
    const output = await certificate('trust');
    t.true(output.includes(`'/etc/docker/certs.d/${host}/ca.crt'`), output);
  });
}

test('trust tells which setting the address is of, and how to name another one', async (t) => {
  const byUrl = await frame(t, {externalUrl: 'https://hub.example.org'});
  await byUrl.start();
  const all = await frame(t, {http: {listen: ['0.0.0.0:5000']}});
  await all.start();
  t.regex(await byUrl.certificate('trust'), /^The address is that of externalUrl; --host/);
  t.regex(
    await all.certificate('trust'),
    /^The address is that of http\.listen and this host's name;/,
  );
  t.regex(
    await all.certificate('trust', '--host', 'localhost'),
    /^The address is that of --host\.$/m,
  );
});

test('trust warns of a name or an address that the certificate does not have, and of no other', async (t) => {
  const {start, certificate} = await frame(t, {tls: {names: ['*.example.org', '10.0.0.7']}});
  await start();
  for (const host of ['hub.example.org:5000', '10.0.0.7', '[::1]:5000', 'LOCALHOST']) {
    t.notRegex(await certificate('trust', '--host', host), /Beware/, host);
  }
  for (const [host, name] of [
    ['other.example.com:5000', 'other.example.com'],
    ['10.0.0.8:5000', '10.0.0.8'],
    ['[fd00::7]:5000', 'fd00::7'],
  ] as const) {
    t.true(
      (await certificate('trust', '--host', host)).includes(
        `Beware: the certificate in use is not for ${name}, and clients will refuse it: add it to tls.names and restart.`,
      ),
      host,
    );
  }
  const json: unknown = JSON.parse(await certificate('trust', '--host', 'a.b', '--json'));
  t.regex(String((json as {warning: unknown}).warning), /add it to tls\.names/);
});

test('trust --json carries the CA and files that the commands write', async (t) => {
  const {start, certificate, path} = await frame(t);
  await start();
  const answer = z
    .object({
      host: z.string(),
      ca: z.object({file: z.string(), pem: z.string(), fingerprint256: z.string()}),
      clients: z.array(
        z.object({
          client: z.string(),
          files: z.array(z.object({path: z.string(), content: z.string().optional()})),
          commands: z.array(z.string()),
        }),
      ),
    })
    .parse(JSON.parse(await certificate('trust', '--host', 'h:5000', '--json')));
  t.is(answer.ca.pem, await readFile(path('ca.crt'), 'utf8'));
  const hostsToml = answer.clients
    .flatMap(({files}) => files)
    .find((file) => file.path.endsWith('hosts.toml'));
  const command = answer.clients
    .flatMap(({commands}) => commands)
    .find((text) => text.includes('hosts.toml'));
  const written = await run('sh', ['-c', (command ?? '').replace(/\| sudo tee .*/, '')]);
  t.is(written.stdout, hostsToml?.content ?? 'none');
});

test('trust of a certificate whose issuer is unknown says where to get it', async (t) => {
  const {start, certificate, path} = await frame(t);
  await start();
  const leaf = new X509Certificate(await readFile(path('server.crt')));
  await writeFile(path('server.crt'), leaf.toString());
  await run('rm', [path('ca.crt'), path('ca.key')]);
  t.regex(await certificate('trust'), /Clients that know this issuer/);
});

test('containerd is told to speak TLS to a loopback address, to which it speaks plain HTTP by itself', async (t) => {
  const {start, certificate} = await frame(t);
  await start();
  t.true((await certificate('trust')).includes(`'[host."https://localhost:5000"]'`));
  t.false((await certificate('trust', '--host', 'hub:5000')).includes('[host.'));
});

for (const host of ['https://hub:5000', 'hub:5000/x', 'a b', 'hub:99999', '']) {
  test(`trust --host "${host}" is refused`, async (t) => {
    const {start, certificate} = await frame(t);
    await start();
    await t.throwsAsync(certificate('trust', '--host', host), {message: /is not HOST:PORT/});
  });
}
