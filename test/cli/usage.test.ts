import test from 'ava';
import {run} from '../support/command.ts';
import {entry} from '../support/serve-process.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {holdfast} from './holdfast.ts';

test('without a command the help is shown', async (t) => {
  const {code, stdout} = await holdfast([], {cwd: '/'});
  t.is(code, 0);
  for (const command of ['serve', 'config', 'certificate', 'version'])
    t.regex(stdout, new RegExp(`^  ${command} `, 'm'));
  t.regex(stdout, /Examples:/);
});

const helped = test.macro({
  title: (_, command: string) => `${command} --help has examples and the global flags`,
  async exec(t, command: string) {
    const {code, stdout} = await holdfast([...command.split(' '), '--help'], {cwd: '/'});
    t.is(code, 0);
    t.regex(stdout, /Examples:/);
    t.regex(stdout, /--config <file>/);
    t.regex(stdout, /--data-dir <dir>/);
  },
});
test(helped, 'serve');
test(helped, 'config');
test(helped, 'config init');
test(helped, 'config print');
test(helped, 'config check');
test(helped, 'certificate');

const refused = test.macro({
  title: (_, command: string) => `"holdfast ${command}" is refused with exit code 2`,
  async exec(t, command: string, expected: RegExp) {
    const {code, stdout, stderr} = await holdfast(command.split(' '), {cwd: '/'});
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, expected);
  },
});
test(refused, 'serv', /unknown command 'serv'\n\(Did you mean serve\?\)/);
test(refused, 'config chek', /unknown command 'chek'\n\(Did you mean check\?\)/);
test(
  refused,
  'serve --lisen x',
  /unknown option '--lisen'\n\(Did you mean --listen\?\)\n+see holdfast serve --help/,
);
test(
  refused,
  'robot create',
  /required option '--team <team>' not specified\n+see holdfast robot create --help/,
);
test(refused, 'config template', /there is no config template; did you mean: holdfast config init/);
test(refused, 'config example x.yaml', /there is no config example; did you mean/);
test(
  refused,
  'import portus --database mysql://a@b.invalid/c --provider a=b=c',
  /--provider is written/,
);
test(refused, 'serve now', /too many arguments/);
test(refused, 'config', /Usage: holdfast config/);
test(refused, '--data-dir', /argument missing/);
test(refused, '--data-dir x', /Usage: holdfast/);

test('the version is told by --version and by version, with --json too', async (t) => {
  const cwd = await temporaryDirectory(t);
  const [flag, command, json] = await Promise.all([
    holdfast(['--version'], {cwd}),
    holdfast(['version'], {cwd}),
    holdfast(['version', '--json'], {cwd}),
  ]);
  t.regex(flag.stdout, /^\d+\.\d+\.\d+\n$/);
  t.is(command.stdout, `holdfast ${flag.stdout}`);
  t.like(JSON.parse(json.stdout), {version: flag.stdout.trim(), node: process.version});
});

test('a standard output that can not be written is told in one sentence, with 1', async (t) => {
  const command = `exec '${process.execPath}' '${entry}' config print > /dev/full`;
  const {exitCode, stderr} = await run('sh', ['-c', command], {
    cwd: await temporaryDirectory(t),
    allowFailure: true,
  });
  t.is(exitCode, 1);
  t.regex(stderr, /^holdfast: the standard output can't be written: .*ENOSPC.*\n$/);
});

test('global flags count before and after the command', async (t) => {
  const cwd = await temporaryDirectory(t);
  const lines = await Promise.all(
    [
      ['--data-dir', '/srv/x', 'config', 'print'],
      ['config', '--data-dir', '/srv/x', 'print'],
      ['config', 'print', '--data-dir', '/srv/x'],
    ].map(async (args) => (await holdfast(args, {cwd})).stdout.split('\n')[1]),
  );
  for (const line of lines) t.regex(line ?? '', /^dataDir: \/srv\/x +# flag --data-dir$/);
});
