import {cp, readFile} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {run} from '../support/command.ts';
import {startDockerd} from '../support/dockerd.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {programPath} from '../support/programs.ts';
import {requireNoSecrets, secret} from '../support/secrets.ts';
import {startService} from '../support/service.ts';
import {onTerminal, type Typing} from '../support/terminal.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Node of the machine, not the one that our own node_modules carries. */
const bareEnvironment = {
  PATH: programPath
    .split(delimiter)
    .filter((directory) => !directory.includes('node_modules'))
    .join(delimiter),
};

/** The commands that the README shows before its first heading below the title. */
async function firstScreen(): Promise<string[]> {
  const [screen = ''] = (await readFile(join(root, 'README.md'), 'utf8')).split('\n## ');
  return [...screen.matchAll(/```sh\n(.*?)```/gs)].map(([, commands = '']) => commands.trim());
}

/** What a clone of the repository would hold, with what is not committed yet. */
async function copyTree(target: string): Promise<void> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const {stdout} = await run('git', args, {cwd: root});
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    await cp(join(root, file), join(target, file), {force: true}).catch((error: unknown) => {
      // Deleted, and the deletion not committed yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }
}

const password = secret('correct horse');

/** What a person types, with the password between. */
const typingFor = (line: string): readonly Typing[] =>
  line.startsWith('docker login')
    ? [
        {after: /Username: /, type: 'admin\r'},
        {after: /Password: /, type: `${password}\r`},
      ]
    : [
        {after: /Password for "admin": /, type: `${password}\r`},
        {after: /Once more: /, type: `${password}\r`},
      ];

testWith(
  ['docker', 'dockerd', 'ip', 'script', 'tar'],
  "the README's first screen works on a fresh clone: start, make the admin, docker login, push, pull",
  async (t) => {
    const [start, admin, push = '', proof, ...others] = await firstScreen();
    t.is(start, 'npm start');
    t.is(proof, 'npm test');
    t.deepEqual(others, []);

    const bench = await workbench(t);
    // An install beside all other tests takes minutes.
    t.timeout(900_000);
    const clone = bench.path('clone');
    await copyTree(clone);
    const options = {cwd: clone, env: bareEnvironment};

    // First on a port that nobody else has, with the network that an install needs ...
    const first = await startService(t, 'npm', ['start'], {
      cwd: clone,
      env: {...bareEnvironment, HOLDFAST_HTTP_LISTEN: '127.0.0.1:0'},
      ready: /listens on https:/,
      timeout: 600_000,
      judge: requireNoSecrets,
    });
    await first.stop();

    // ... then exactly as it stands there, in a network of its own where port 5000 is free.
    const network = await networkNamespace(t);
    const docker = await startDockerd(t, bench, network);
    const [enter = '', ...words] = network.enter;
    const service = await startService(t, enter, [...words, 'npm', 'start'], {
      ...options,
      ready: /docker push/,
      judge: requireNoSecrets,
    });
    const [, printed] = /There is no admin yet.*\n *(npx .*)\n/.exec(service.output()) ?? [];
    t.is(printed, admin);
    const image = 'localhost:5000/admin/hello:1';
    t.true(service.output().includes('docker login localhost:5000\n'));

    for (const line of `${printed ?? ''}\n${push}`.split('\n')) {
      const env = {...process.env, ...bareEnvironment, ...docker.env};
      const {code, output} = await onTerminal(t, line, typingFor(line), {...options, env});
      t.is(code, 0, `${line}\n${output}`);
    }
    await docker('image', 'rm', image);
    await docker('pull', image);
    const container = await docker('create', image, 'none');
    await docker('cp', `${container}:/README.md`, bench.path('pulled'));
    t.deepEqual(await readFile(bench.path('pulled')), await readFile(join(clone, 'README.md')));
  },
);
