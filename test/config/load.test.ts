import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {z} from 'zod';
import {ConfigError} from '../../src/config/fault.ts';
import type {Fault} from '../../src/config/fault.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {Sources} from '../../src/config/load.ts';
import {configSchema} from '../../src/config/schema.ts';
import {bare, entriesOf, settingsOf} from '../../src/config/settings.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

async function fileOf(t: ExecutionContext, text: string | Uint8Array): Promise<string> {
  const file = join(await temporaryDirectory(t), 'holdfast.yaml');
  await writeFile(file, text);
  return file;
}

function faultsOf(t: ExecutionContext, sources: Partial<Sources>): readonly Fault[] {
  const error = t.throws(() => loadConfig({env: {}, flags: {}, ...sources}), {
    instanceOf: ConfigError,
  });
  return error.faults;
}

/** `path: message [origin]`, with the file's own path left out. */
const line = ({path, message, origin}: Fault): string =>
  `${path}: ${message}${origin?.detail === undefined ? '' : ` [${origin.detail}]`}`.replaceAll(
    /\/\S*holdfast\.yaml/g,
    'FILE',
  );

test('without a file, variables and flags the defaults are in force', (t) => {
  const {config, origins} = loadConfig({env: {}, flags: {}});
  t.deepEqual(config.http.listen, [{host: 'localhost', port: 5000}]);
  t.is(config.http.drainTimeout, 30_000);
  t.true([...origins.values()].every(({kind}) => kind === 'default'));
});

test('a flag wins over a variable, a variable over the file, the file over the default', async (t) => {
  const file = await fileOf(
    t,
    'log:\n  level: warn\n  format: json\ntls:\n  mode: files\n  minVersion: TLSv1.3\n',
  );
  const {config, origins} = loadConfig({
    file,
    env: {HOLDFAST_LOG_LEVEL: 'error', HOLDFAST_TLS_MODE: 'files'},
    flags: {'tls.mode': {name: '--tls', value: 'off'}},
  });
  t.is(config.log.level, 'error');
  t.is(config.log.format, 'json');
  t.is(config.tls.mode, 'off');
  t.deepEqual(origins.get('log.level'), {kind: 'environment', detail: 'HOLDFAST_LOG_LEVEL'});
  t.deepEqual(origins.get('log.format'), {kind: 'file', detail: `${file}:3:3`});
  t.deepEqual(origins.get('tls.mode'), {kind: 'flag', detail: '--tls'});
  t.deepEqual(origins.get('tls.minVersion'), {kind: 'file', detail: `${file}:6:3`});
  t.deepEqual(origins.get('dataDir'), {kind: 'default'});
});

test('variables hold lists with commas, and true or false', (t) => {
  const {config} = loadConfig({
    env: {
      HOLDFAST_HTTP_LISTEN: '127.0.0.1:1, [::1]:2',
      HOLDFAST_HTTP_TRUSTED_PROXIES: '',
      HOLDFAST_STORAGE_DELETE: 'false',
      HOLDFAST_HTTP_BODY_IDLE_TIMEOUT: '5m',
    },
    flags: {},
  });
  t.deepEqual(config.http.listen, [
    {host: '127.0.0.1', port: 1},
    {host: '::1', port: 2},
  ]);
  t.deepEqual(config.http.trustedProxies, []);
  t.false(config.storage.delete);
  t.is(config.http.bodyIdleTimeout, 300_000);
});

test('a section with nothing but comments in it is as if it were not there', async (t) => {
  const file = await fileOf(t, 'http:\n  # listen: [a:1]\ntls:\nlog: {}\n');
  t.is(loadConfig({file, env: {}, flags: {}}).config.tls.mode, 'self-signed');
});

test('all faults of the file, the variables and the flags are told together, each with its place', async (t) => {
  const file = await fileOf(
    t,
    `http:
  lisen: [a:1]
  listen: localhost:5000
  drainTimeout: 30
  locations:
  bodyIdleTimeout: 5 minutes
  keepAliveTimeout: 30d
manifests:
  maxBytes: 9999999GiB
tls:
  mode: of
  names: [a, 5]
listen: []
log: 5
`,
  );
  const faults = faultsOf(t, {
    file,
    env: {HOLDFAST_HTTP_MAX_HEADER_BYTES: '64kb', HOLDFAST_LOG_LEVL: 'info'},
    flags: {'http.trustedProxies': {name: '--proxies', value: ['x']}},
  });
  t.deepEqual(faults.map(line), [
    'http.lisen: unknown key; did you mean http.listen? [FILE:2:3]',
    'http.listen: must be a list, such as [localhost:5000], not text [FILE:3:3]',
    'http.drainTimeout: must be a duration such as 500ms, 30s, 5m, 12h or 7d, not 30 [FILE:4:3]',
    'http.locations: has no value; must be one of relative, absolute [FILE:5:3]',
    'http.bodyIdleTimeout: must be a duration such as 500ms, 30s, 5m, 12h or 7d, not "5 minutes" [FILE:6:3]',
    'http.keepAliveTimeout: must be at most 24d [FILE:7:3]',
    'manifests.maxBytes: must be at most 1GiB [FILE:9:3]',
    'tls.mode: must be one of self-signed, files, off, not "of" [FILE:11:3]',
    'tls.names[1]: must be text, not a number [FILE:12:14]',
    'listen: unknown key; did you mean http.listen? [FILE:13:1]',
    'log: must be a mapping, not a number [FILE:14:1]',
    'http.trustedProxies[0]: must be an address or a range such as 10.0.0.0/8 [--proxies]',
    'http.maxHeaderBytes: must be a size such as 64KiB, 4MiB or 1GiB, not "64kb" [HOLDFAST_HTTP_MAX_HEADER_BYTES]',
    'HOLDFAST_LOG_LEVL: unknown variable; did you mean HOLDFAST_LOG_LEVEL?',
  ]);
});

const broken = test.macro({
  title: (providedTitle) => `${providedTitle ?? ''} is told with line and column`,
  async exec(t, text: string, expected: string) {
    const faults = faultsOf(t, {file: await fileOf(t, text)});
    t.is(line(faults[0] ?? {path: '', message: 'no fault'}), expected);
  },
});

test(
  'a key that is there twice',
  broken,
  'tls:\n  mode: off\n  mode: files\n',
  'FILE: the key mode stands in its mapping already: remove one of the two [FILE:3:3]',
);
test(
  'a time-out of 0, which would end every request,',
  broken,
  'http:\n  bodyIdleTimeout: 0s\n',
  'http.bodyIdleTimeout: must be more than 0 [FILE:2:3]',
);
test(
  'a tab',
  broken,
  'http:\n\tlisten: x\n',
  'FILE: Tabs are not allowed as indentation [FILE:2:1]',
);
test(
  'a list instead of a mapping',
  broken,
  '- a\n',
  'FILE: must be a mapping of settings, such as "dataDir: ./data" [FILE:1:1]',
);
test(
  'a second document',
  broken,
  'dataDir: a\n---\ndataDir: b\n',
  'FILE: a second document begins here; only one is read [FILE:2:1]',
);
test('an unknown tag', broken, 'dataDir: !secret a\n', 'FILE: Unresolved tag: !secret [FILE:1:10]');
test(
  'an alias of nothing',
  broken,
  'dataDir: *a\n',
  'FILE: Unresolved alias (the anchor must be set before the alias): a [FILE:1:10]',
);
test('__proto__ as a key', broken, '__proto__: {}\n', '__proto__: unknown key [FILE:1:1]');
test(
  'a bomb of aliases',
  broken,
  `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`,
  'FILE: aliases (*) that multiply what they stand for are not expanded [FILE:2:8]',
);

test(
  'a bracket that is not closed, which breaks all that follows,',
  broken,
  'http:\n  listen: [a:1\n  drainTimeout: 5s\ntls:\n  mode: off\n',
  'FILE: a [ further up is not closed, or this line is not indented below it [FILE:3:3]',
);

test('of faults of the form the first is told, and keys that stand twice each by its name', async (t) => {
  const bracket = faultsOf(t, {file: await fileOf(t, 'a: [b\nc: {d\ne: [f\n')});
  t.is(bracket.length, 1);
  const twice = faultsOf(t, {file: await fileOf(t, 'tls: {}\n"tls": {}\nlog: {}\nlog : {}\n')});
  t.deepEqual(
    twice.map(({message}) => message),
    ['"tls"', 'log'].map(
      (key) => `the key ${key} stands in its mapping already: remove one of the two`,
    ),
  );
});

const wrong = test.macro({
  title: (_, path: string, value: string) =>
    `${path} that is ${value.slice(0, 40)} is told in our words`,
  async exec(t, path: string, value: string, message: string) {
    const [section, key] = path.split('.');
    const file = await fileOf(t, `${section}: {${key}: ${value}}\n`);
    const [fault, ...others] = faultsOf(t, {file});
    t.is(fault?.message, message);
    t.deepEqual(others, []);
  },
});

test(wrong, 'admin.password', 'short', 'must have 8 to 128 characters');
test(wrong, 'admin.password', 'l'.repeat(129), 'must have 8 to 128 characters');
test(wrong, 'auth.failures', '0', 'must be at least 1');
test(wrong, 'auth.failures', '9999', 'must be at most 1000');
const hostAndPort = 'must be HOST:PORT, such as localhost:5000, 0.0.0.0:5000 or [::]:5000';
test(wrong, 'http.listen', '[here]', `${hostAndPort}, not "here"`);
test(wrong, 'http.listen', '[5000]', `${hostAndPort}, not 5000`);
test(
  wrong,
  'http.listen',
  "['localhost:99999']",
  `${hostAndPort}, not "localhost:99999": 99999 is no port (1 to 65535)`,
);
test(
  wrong,
  'storage.reserve',
  '5',
  'must be a size such as 512MiB or 10GiB, or a part such as 5%, not 5',
);
test(
  wrong,
  'uploads.expireAfter',
  `"${'x'.repeat(10_000)}\\e[31m"`,
  `must be a duration such as 500ms, 30s, 5m, 12h or 7d, not "${'x'.repeat(60)}..."`,
);

test('a key that is misspelt within a list is told with the one that was meant', async (t) => {
  const file = await fileOf(
    t,
    `auth:
  oidc:
    - {id: corp, isuer: https://a.example, issuer: https://a.example, clientId: x, claims: {user_name: a}}
namespaces:
  policy: rules
  rules:
    - {accounts: [a], account: [b], repositories: [a], actions: [pull], listen: x}
`,
  );
  t.deepEqual(
    faultsOf(t, {file})
      .map(({path, message}) => `${path}: ${message}`)
      .sort(),
    [
      'auth.oidc[0].claims.user_name: unknown key; did you mean auth.oidc[0].claims.username?',
      'auth.oidc[0].isuer: unknown key; did you mean auth.oidc[0].issuer?',
      'namespaces.rules[0].account: unknown key; did you mean namespaces.rules[0].accounts?',
      'namespaces.rules[0].listen: unknown key',
    ],
  );
});

test('nesting beyond measure is told, and ends nothing', async (t) => {
  const faults = faultsOf(t, {file: await fileOf(t, `a: ${'['.repeat(100_000)}`)});
  t.is(faults[0]?.message, 'is nested too deeply');
});

test('a file of 10 MB is refused before it is parsed', async (t) => {
  const faults = faultsOf(t, {file: await fileOf(t, Buffer.alloc(10_000_000, '#'))});
  t.deepEqual(faults.map(line), ['FILE: is larger than 256 KiB']);
});

test('a file that is not UTF-8 is refused', async (t) => {
  const faults = faultsOf(t, {file: await fileOf(t, Uint8Array.of(0x61, 0x3a, 0x20, 0xff))});
  t.deepEqual(faults.map(line), ['FILE: is not UTF-8 text']);
});

test('of thousands of unknown keys the first are told, and the number of the others', async (t) => {
  const file = await fileOf(t, Array.from({length: 1000}, (_, n) => `qqq${n}: 1\n`).join(''));
  const faults = faultsOf(t, {file});
  t.is(faults.length, 21);
  t.is(faults.at(-1)?.message, '980 more unknown keys');
});

test('faults of variables are told beside those of a file that cannot be parsed', async (t) => {
  const file = await fileOf(t, 'tls: [\n');
  const faults = faultsOf(t, {file, env: {HOLDFAST_TLS_MODE: 'on'}});
  t.deepEqual(
    faults.map(({path}) => path),
    [file, 'tls.mode'],
  );
});

test('a named file that does not exist, a directory and an endless one are faults', (t) => {
  t.regex(faultsOf(t, {file: '/nowhere/h.yaml'})[0]?.message ?? '', /does not exist/);
  t.regex(faultsOf(t, {env: {HOLDFAST_CONFIG: '/nowhere/h.yaml'}})[0]?.message ?? '', /does not/);
  t.regex(faultsOf(t, {file: '/tmp'})[0]?.message ?? '', /is a directory/);
  t.regex(faultsOf(t, {file: '/dev/zero'})[0]?.message ?? '', /is larger/);
});

test('what Kubernetes sets for a service called holdfast is no unknown variable', (t) => {
  const env = {
    HOLDFAST_SERVICE_HOST: '10.0.0.1',
    HOLDFAST_SERVICE_PORT: '5000',
    HOLDFAST_SERVICE_PORT_HTTPS: '5000',
    HOLDFAST_PORT: 'tcp://10.0.0.1:5000',
    HOLDFAST_PORT_5000_TCP: 'tcp://10.0.0.1:5000',
    HOLDFAST_PORT_5000_TCP_PROTO: 'tcp',
    HOLDFAST_METRICS_SERVICE_HOST: '10.0.0.2',
    HOLDFAST_METRICS_PORT: 'tcp://10.0.0.2:9464',
  };
  t.notThrows(() => loadConfig({env, flags: {}}));
  t.throws(() => loadConfig({env: {HOLDFAST_HTTP_PORT: '8080'}, flags: {}}), {
    message: /HOLDFAST_HTTP_PORT: unknown variable/,
  });
});

test('every setting has a sentence and a variable of its own, every section is whole by default', (t) => {
  const settings = settingsOf(configSchema);
  t.deepEqual(
    settings.filter(({description}) => !description.endsWith('.')).map(({path}) => path),
    [],
  );
  t.is(new Set(settings.map(({variable}) => variable)).size, settings.length);
  for (const [key, schema] of entriesOf(configSchema)) {
    const {inner, optional, written} = bare(schema);
    if (inner instanceof z.ZodObject && !optional) t.deepEqual(written, {}, key);
  }
});
