/** `holdfast nginx print`, judged by nginx. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {makeServerCertificate, type ServerFiles} from '../support/certificate.ts';
import {run} from '../support/command.ts';
import {wholeConfiguration} from '../support/nginx.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {type Ended, holdfast} from './holdfast.ts';

const fitting = {
  externalUrl: 'https://registry.example.org:8443',
  http: {listen: ['127.0.0.1:5000'], trustedProxies: ['127.0.0.0/8']},
};

interface Printed {
  readonly cwd: string;
  readonly files: ServerFiles;
  readonly print: (...words: string[]) => Promise<Ended>;
}

async function setUp(t: ExecutionContext, settings: object): Promise<Printed> {
  const cwd = await temporaryDirectory(t);
  await mkdir(join(cwd, 'own'));
  const files = await makeServerCertificate(join(cwd, 'own'));
  const {certificateFile: certificate, keyFile: key} = files;
  const config = {dataDir: 'data', tls: {mode: 'files', certificate, key}, ...settings};
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify(config));
  return {cwd, files, print: async (...words) => holdfast(['nginx', 'print', ...words], {cwd})};
}

/** What `nginx -t` says; throws where it is not content. */
async function judge(cwd: string, text: string): Promise<string> {
  const file = join(cwd, 'nginx.conf');
  await writeFile(file, text);
  return (await run('nginx', ['-t', '-e', 'stderr', '-c', file])).stderr;
}

const realm = {
  auth: {mode: 'accounts'},
  token: {listen: ['127.0.0.1:5001'], externalUrl: 'https://token.example.org:8444'},
  ui: {listen: ['127.0.0.1:5002'], externalUrl: 'https://pages.example.org:8445'},
};
const together = {cluster: {mode: 'active-active'}, metadata: {url: 'postgres://h@db/holdfast'}};
const inTurn = {cluster: {mode: 'active-standby'}};
const several = ['--balance', 'https://127.0.0.1:5000,https://localhost:5001,https://[::1]:5002'];

const forms: Readonly<Record<string, readonly [settings: object, words: readonly string[]]>> = {
  'one Holdfast': [fitting, []],
  'one that has nginx send the bytes': [
    {...fitting, http: {...fitting.http, accelRedirect: '/internal/'}, dataDir: 'with blank'},
    [],
  ],
  'one below a path': [{...fitting, externalUrl: 'https://example.org:8443/some/where/'}, []],
  'one with a realm and pages of their own': [{...fitting, ...realm}, []],
  'one in plain HTTP': [
    {...fitting, externalUrl: 'http://registry.example.org:8080', tls: {mode: 'off'}},
    [],
  ],
  several: [{...fitting, ...realm, ...together}, several],
  'several of which one serves': [{...fitting, ...realm, ...inTurn}, several],
};

for (const [what, [settings, words]] of Object.entries(forms)) {
  testWith(['nginx'], `nginx takes what is printed for ${what}`, async (t) => {
    const {cwd, print} = await setUp(t, settings);
    for (const whole of [false, true]) {
      const {code, stdout, stderr} = await print(...words, ...(whole ? ['--whole'] : []));
      t.deepEqual([code, stderr], [0, '']);
      const said = await judge(cwd, whole ? stdout : wholeConfiguration(cwd, stdout));
      t.regex(said, /syntax is ok/);
      t.notRegex(said, /\[warn\]/);
    }
  });
}

testWith(
  [],
  'what is printed says from what it was made, and what holdfast.yaml needs',
  async (t) => {
    const {cwd, print} = await setUp(t, {http: {listen: ['127.0.0.1:5000']}});
    const {stdout} = await print('--server-name', 'registry.example.org');
    const comment = stdout.slice(0, stdout.indexOf('\n\n'));
    t.true(comment.includes(join(cwd, 'holdfast.yaml')));
    t.regex(comment, /externalUrl: https:\/\/registry\.example\.org$/m);
    t.regex(comment, /trustedProxies: \['127\.0\.0\.1', '::1'\]/);
  },
);

testWith([], 'times and sizes are those of the configuration', async (t) => {
  const http = {
    ...fitting.http,
    headersTimeout: '20s',
    bodyIdleTimeout: '2m',
    keepAliveTimeout: '40s',
    maxHeaderBytes: '128KiB',
  };
  const {stdout} = await (await setUp(t, {...fitting, http})).print();
  for (const line of [
    'client_header_timeout 20s;',
    'client_body_timeout 120s;',
    'send_timeout 120s;',
    'keepalive_timeout 32s;',
    'large_client_header_buffers 4 128k;',
  ]) {
    t.true(stdout.includes(line), line);
  }
});

const warnings: Readonly<
  Record<string, readonly [settings: object, words: readonly string[], said: RegExp]>
> = {
  'nobody is trusted': [{...fitting, http: {}}, [], /http\.trustedProxies is empty/],
  'another proxy is trusted': [
    {...fitting, http: {...fitting.http, trustedProxies: ['10.0.0.0/8']}},
    [],
    /http\.trustedProxies does not have 127\.0\.0\.1/,
  ],
  'externalUrl is missing': [
    {http: fitting.http},
    [],
    /externalUrl is not set[^]*no name is known/,
  ],
  'there is no certificate': [
    {...fitting, tls: {mode: 'off'}},
    [],
    /tls\.mode is off, and there is no certificate here/,
  ],
  'both want one port': [
    {...fitting, externalUrl: 'https://registry.example.org:5000'},
    [],
    /which is the port of Holdfast itself/,
  ],
  'the realm is past nginx': [
    {...fitting, ...realm, token: {listen: ['127.0.0.1:5001']}},
    [],
    /token\.externalUrl is not set/,
  ],
  'the realm is where the registry is': [
    {...fitting, token: {listen: ['127.0.0.1:5001'], externalUrl: fitting.externalUrl}},
    [],
    /leave token\.listen out/,
  ],
  'several are no cluster': [fitting, several, /cluster\.mode is single/],
  'a certificate would have to be for an address': [
    {...fitting, ...together, externalUrl: 'https://192.0.2.1:8443'},
    several,
    /externalUrl has the address 192\.0\.2\.1, for which nginx can't check the certificate/,
  ],
  'the storage may be elsewhere': [
    {...fitting, http: {...fitting.http, accelRedirect: '/internal/'}},
    several,
    /the host of nginx must have the storage/,
  ],
};

for (const [what, [settings, words, said]] of Object.entries(warnings)) {
  testWith([], `holdfast nginx print warns where ${what}`, async (t) => {
    const {print} = await setUp(t, settings);
    const {code, stderr} = await print(...words);
    t.is(code, 0);
    t.regex(stderr, said);
  });
}

testWith([], 'holdfast nginx print refuses what makes no sense, with exit code 2', async (t) => {
  const {print} = await setUp(t, fitting);
  for (const words of [
    ['--balance', 'node-1:5000'],
    ['--balance', 'https://node-1:5000/path'],
    ['--balance', 'https://node-1:5000,http://node-2:5000'],
    ['--standby'],
    ['--standby', '--balance', 'https://node-1:5000'],
    ['--server-name', 'a;b'],
    ['--at', '443 ssl'],
    ['--key', 'x'],
  ]) {
    const {code, stdout} = await print(...words);
    t.deepEqual([code, stdout], [2, ''], words.join(' '));
  }
});
