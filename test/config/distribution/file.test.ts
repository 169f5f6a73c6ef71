/** Files that are no configuration of Docker Distribution's, or a hostile one. */
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {translate} from '../../../src/config/distribution/read.ts';
import {parseConfigFile} from '../../../src/config/file.ts';
import {tries} from '../../support/properties.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {least, look, lookAt} from './look.ts';

const bomb = `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`;

const broken: Readonly<Record<string, readonly [text: string | Uint8Array, expected: RegExp]>> = {
  'a file without a version': ['storage: filesystem\n', /^FILE: has no version: 0\.1/],
  'an empty file': ['', /^FILE: has no version: 0\.1/],
  'a file of another version': [
    least.replace('0.1', '0.2'),
    /^FILE: is of another version than 0\.1, the only one there is \[FILE:1:1\]$/,
  ],
  'a list': [
    '- a\n',
    /^FILE: must be a mapping of settings, such as "version: 0\.1" \[FILE:1:1\]$/,
  ],
  'a file that ends too early': [`${least}http: {`, /^FILE: .*\[FILE:5:8\]$/],
  'a bomb of aliases': [least + bomb, /^FILE: aliases \(\*\) that multiply .*\[FILE:6:8\]$/],
  'a merge of what is no mapping': [`${least}log: {<<: 5}\n`, /^FILE: Merge sources must be maps/],
  'a file of 10 MB': [Buffer.alloc(10_000_000, '#'), /^FILE: is larger than 256 KiB/],
  'a file that is not UTF-8': [Uint8Array.of(0x61, 0x3a, 0x20, 0xff), /^FILE: is not UTF-8 text/],
};

for (const [what, [text, expected]] of Object.entries(broken)) {
  test(`${what} is one fault`, async (t) => {
    const {faults} = await look(t, text);
    t.is(faults.length, 1);
    t.regex(faults[0] ?? '', expected);
  });
}

test('a file that is not there, a directory, and a link to nothing, are told with who names them', async (t) => {
  const directory = await temporaryDirectory(t);
  const link = join(directory, 'config.yml');
  await symlink('readonly_config.yml', link);
  t.deepEqual(lookAt('/nowhere/config.yml').faults, [
    'FILE: does not exist [HOLDFAST_DISTRIBUTION_CONFIG]',
  ]);
  t.deepEqual(lookAt(directory).faults, [
    'FILE: is a directory, not a file [HOLDFAST_DISTRIBUTION_CONFIG]',
  ]);
  t.deepEqual(lookAt(link).faults, [
    'FILE: is a symbolic link to readonly_config.yml, which does not exist [HOLDFAST_DISTRIBUTION_CONFIG]',
  ]);
});

test('of a link the origins name the file that it leads to', async (t) => {
  const directory = await temporaryDirectory(t);
  await mkdir(join(directory, 'a'));
  await writeFile(join(directory, 'a/runtime.yml'), least);
  await symlink('a/runtime.yml', join(directory, 'config.yml'));
  const {origins} = lookAt(join(directory, 'config.yml'));
  t.is(origins['storage.root'], `${directory}/a/runtime.yml:2:24`);
});

test('faults of variables are told beside those of a file that is broken', async (t) => {
  const {faults} = await look(t, 'version: [\n', {env: {HOLDFAST_TLS_MODE: 'on'}});
  t.deepEqual(
    faults.map((line) => line.split(':')[0]),
    ['FILE', 'tls.mode'],
  );
});

test('nesting beyond measure is told, and ends nothing', async (t) => {
  const {faults} = await look(t, `${least}a: ${'['.repeat(100_000)}`);
  t.regex(faults[0] ?? '', /^FILE: is nested too deeply/);
});

test('__proto__ is an unknown key, and changes nothing', async (t) => {
  const {warnings} = await look(t, `${least}__proto__: {http: {addr: 'x:1'}}\n`);
  t.deepEqual(warnings, ['__proto__: unknown key [FILE:5:1]']);
});

const scalar = fc.oneof(
  fc.constantFrom(
    '0.1',
    'yes',
    ':5000',
    '30s',
    '1e999',
    '2001-01-01',
    '0x1f',
    '"',
    '~',
    '12:30:45',
    '{<<: 5}',
  ),
  fc.string({maxLength: 20}),
);
const key = fc.oneof(
  fc.constantFrom('version', 'storage', 'filesystem', 'http', 'tls', 'auth', 'token', '<<', '? '),
  fc.constantFrom('realm', 'addr', 'delete', 'enabled', 'maintenance', '&a', '*a', '!!set', '- '),
  fc.string({maxLength: 10}),
);
const line = fc
  .tuple(fc.nat(4), key, scalar)
  .map(([indent, name, value]) => `${'  '.repeat(indent)}${name}: ${value}`);
const text = fc.oneof(
  fc.string(),
  fc.array(line, {maxLength: 12}).map((lines) => `version: 0.1\n${lines.join('\n')}`),
);
const variables = fc.dictionary(
  fc.constantFrom(
    'REGISTRY_STORAGE',
    'REGISTRY_HTTP_ADDR',
    'REGISTRY_HTTP_TLS',
    'REGISTRY_AUTH_TOKEN_REALM',
    'REGISTRY___PROTO__',
    'REGISTRY_',
    'REGISTRY_TOKEN_SERVER_REALM',
    'REGISTRY_TOKEN_SERVER_ADDR',
  ),
  scalar,
);

test('whatever a file and the variables say, it is read or a fault, and nothing is thrown', (t) => {
  const read = (content: string, env: Record<string, string>): void => {
    translate(parseConfigFile('config.yml', content, 'distribution'), {
      env,
      isDecided: () => false,
    });
  };
  t.notThrows(() => {
    fc.assert(fc.property(text, variables, read), tries(2000));
  });
});
