import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {holdfast} from './holdfast.ts';

test('config init writes a file that config check finds sound, and never writes over one', async (t) => {
  const cwd = await temporaryDirectory(t);
  t.is((await holdfast(['config', 'init'], {cwd})).code, 0);
  t.like(await holdfast(['config', 'check'], {cwd}), {code: 0, stdout: 'ok\n', stderr: ''});
  await writeFile(join(cwd, 'holdfast.yaml'), 'dataDir: mine\n');
  const again = await holdfast(['config', 'init'], {cwd});
  t.is(again.code, 1);
  t.regex(again.stderr, /holdfast\.yaml exists; --force writes over it/);
  t.is(await readFile(join(cwd, 'holdfast.yaml'), 'utf8'), 'dataDir: mine\n');
  t.is((await holdfast(['config', 'init', '--force'], {cwd})).code, 0);
  t.not(await readFile(join(cwd, 'holdfast.yaml'), 'utf8'), 'dataDir: mine\n');
});

test('config init writes where its argument or --config says', async (t) => {
  const cwd = await temporaryDirectory(t);
  await holdfast(['config', 'init', 'a.yaml'], {cwd});
  await holdfast(['--config', 'b.yaml', 'config', 'init'], {cwd});
  t.deepEqual((await readdir(cwd)).sort(), ['a.yaml', 'b.yaml']);
  const {code, stderr} = await holdfast(['config', 'init', 'none/c.yaml'], {cwd});
  t.is(code, 1);
  t.regex(stderr, /none\/c\.yaml can't be written \(ENOENT\)/);
});

test('config init ends with the command that checks it, with --config only where it is needed', async (t) => {
  const cwd = await temporaryDirectory(t);
  const init = async (args: readonly string[], env = {}) =>
    (await holdfast(['config', 'init', ...args], {cwd, env})).stdout;
  t.is(
    await init(['a b.yaml']),
    "wrote a b.yaml; next: holdfast --config 'a b.yaml' config check\n",
  );
  t.is(await init([]), 'wrote holdfast.yaml; next: holdfast config check\n');
  t.is(
    await init(['--force'], {HOLDFAST_CONFIG: 'a b.yaml'}),
    'wrote holdfast.yaml; next: holdfast --config holdfast.yaml config check\n',
  );
});

test('config print says what is in force, and where each value comes from', async (t) => {
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'holdfast.yaml'), 'http:\n  drainTimeout: 5m\n');
  const env = {HOLDFAST_HTTP_LISTEN: '127.0.0.1:1,[::1]:2'};
  const {code, stdout} = await holdfast(['config', 'print', '--data-dir', '/srv/x'], {cwd, env});
  t.is(code, 0);
  const text = stdout.replaceAll(/ +#/g, ' #').replaceAll(/\S*\/holdfast\.yaml/g, 'FILE');
  t.regex(text, /^# read from FILE\n/);
  t.regex(text, /^dataDir: \/srv\/x # flag --data-dir$/m);
  t.regex(text, /^ {2}listen: \[127\.0\.0\.1:1, '\[::1\]:2'\] # variable HOLDFAST_HTTP_LISTEN$/m);
  t.regex(text, /^ {2}drainTimeout: 5m # file FILE:2:3$/m);
  t.regex(text, /^ {2}mode: self-signed # default$/m);
  t.regex(text, /^ #externalUrl: # not set$|^#externalUrl: # not set$/m);
});

test('what config print writes can be read again', async (t) => {
  const cwd = await temporaryDirectory(t);
  const first = await holdfast(['config', 'print', '--data-dir', "it's: here"], {cwd});
  await writeFile(join(cwd, 'again.yaml'), first.stdout);
  const args = ['config', 'print', '--json', '--config', 'again.yaml'];
  const {stdout} = await holdfast(args, {cwd});
  t.regex(stdout, /"value": "it's: here"/);
});

test('config print --json tells values, origins and variables', async (t) => {
  const cwd = await temporaryDirectory(t);
  const {stdout} = await holdfast(['config', 'print', '--json'], {cwd});
  const printed = JSON.parse(stdout) as {file: null; settings: unknown[]};
  t.is(printed.file, null);
  t.deepEqual(printed.settings[0], {
    path: 'dataDir',
    variable: 'HOLDFAST_DATA_DIR',
    origin: {kind: 'default'},
    value: './data',
  });
});

test('the file is looked for here, then in the data directory', async (t) => {
  const cwd = await temporaryDirectory(t);
  await mkdir(join(cwd, 'there'));
  await writeFile(join(cwd, 'there/holdfast.yaml'), 'log:\n  level: debug\n');
  const read = async (env = {}) =>
    (await holdfast(['config', 'print'], {cwd, env})).stdout.split('\n')[0];
  t.is(await read(), '# no configuration file was found');
  t.is(await read({HOLDFAST_DATA_DIR: 'there'}), `# read from ${cwd}/there/holdfast.yaml`);
  await writeFile(join(cwd, 'holdfast.yaml'), '');
  t.is(await read({HOLDFAST_DATA_DIR: 'there'}), `# read from ${cwd}/holdfast.yaml`);
  await writeFile(join(cwd, 'third.yaml'), '');
  t.is(await read({HOLDFAST_CONFIG: 'third.yaml'}), `# read from ${cwd}/third.yaml`);
});

test('config check tells faults of file, variables and directories together, with exit code 2', async (t) => {
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'holdfast.yaml'), 'tls:\n  mod: off\ndataDir: taken\n');
  await writeFile(join(cwd, 'taken'), '');
  const env = {HOLDFAST_LOG_LEVEL: 'loud'};
  const {code, stdout, stderr} = await holdfast(['config', 'check'], {cwd, env});
  t.is(code, 2);
  t.is(stdout, '');
  t.is(
    stderr.replaceAll(cwd, 'CWD'),
    `holdfast: 3 faults in the configuration
  tls.mod: unknown key; did you mean tls.mode?
    given by file CWD/holdfast.yaml:2:3
  log.level: must be one of debug, info, warn, error, not "loud"
    given by variable HOLDFAST_LOG_LEVEL
  CWD/taken: is a file, and a directory is needed: move it away, or name another directory
`,
  );
  const {faults} = JSON.parse(
    (await holdfast(['config', 'check', '--json'], {cwd, env})).stdout,
  ) as {
    faults: unknown[];
  };
  t.is(faults.length, 3);
});

test('config check looks for the certificate of tls.mode files, and makes nothing', async (t) => {
  const cwd = await temporaryDirectory(t);
  const env = {HOLDFAST_TLS_MODE: 'files', HOLDFAST_TLS_CERTIFICATE: 'none.crt'};
  const {code, stderr} = await holdfast(['config', 'check'], {cwd, env});
  t.is(code, 2);
  t.regex(stderr, /none\.crt/);
  t.deepEqual(await readdir(cwd), []);
});
