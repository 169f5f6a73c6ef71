/** The unit of a single process, and the wrapper that docs/installing.md puts in front of it. */
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {run} from '../support/command.ts';
import {blockWith, readPage} from '../support/page.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const unit = join(import.meta.dirname, '../../deploy/systemd/holdfast.service');
const socket = unit.replace('.service', '.socket');

testWith(
  ['systemd-analyze'],
  'systemd finds nothing to say against holdfast.service',
  async (t) => {
    const file = join(await temporaryDirectory(t), 'holdfast.service');
    const text = (await readFile(unit, 'utf8')).replace('/usr/local/bin/holdfast', '/bin/true');
    const verify = async (content: string): Promise<readonly string[]> => {
      await writeFile(file, content);
      const {stderr} = await run('systemd-analyze', ['verify', '--man=no', file], {
        allowFailure: true,
      });
      return stderr.split('\n').filter((line) => line.includes('holdfast.service'));
    };
    t.deepEqual(await verify(text), []);
    await writeFile(file.replace('.service', '.socket'), await readFile(socket));
    const words = ['verify', '--man=no', file, file.replace('.service', '.socket')];
    const {stdout, stderr} = await run('systemd-analyze', words);
    // It speaks of other units of this machine as well.
    const ours = (stdout + stderr).split('\n').filter((line) => line.includes('holdfast'));
    t.deepEqual(ours, []);
    t.regex((await verify(text.replace('ProtectClock', 'ProtectClok'))).join('\n'), /ProtectClok/);
  },
);

testWith(
  ['systemd-analyze'],
  'systemd finds nothing to say against the backup of each night, and the page installs it',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const names = ['holdfast-backup.service', 'holdfast-backup.timer'];
    for (const name of names) {
      const text = await readFile(join(unit, '..', name), 'utf8');
      await writeFile(join(directory, name), text.replace('/usr/local/bin/holdfast', '/bin/true'));
    }
    const paths = names.map((name) => join(directory, name));
    const {stderr} = await run('systemd-analyze', ['verify', '--man=no', ...paths], {
      allowFailure: true,
    });
    t.deepEqual(
      stderr.split('\n').filter((line) => line.includes('holdfast-backup')),
      [],
    );
    const page = await readPage('backup.md');
    for (const name of names) t.true(page.includes(`/deploy/systemd/${name} `), name);
  },
);

testWith(
  ['systemd-analyze'],
  'systemd rates what holdfast.service could do at 2.0 at most',
  async (t) => {
    const words = ['security', '--offline=true', '--no-pager', unit];
    const {stdout} = await run('systemd-analyze', words);
    const [, rating] = /exposure level for holdfast\.service: ([\d.]+)/.exec(stdout) ?? [];
    t.true(Number(rating) <= 2, stdout);
  },
);

test('holdfast.socket opens what the configuration of the package listens on', async (t) => {
  const text = await readFile(socket, 'utf8');
  const addresses = [...text.matchAll(/^ListenStream=(.*)$/gm)].map(([, address]) => address);
  t.deepEqual(addresses, ['127.0.0.1:5000', '[::1]:5000']);
  const file = await readFile(join(unit, '../../debian/holdfast.yaml'), 'utf8');
  t.regex(file, /^ {2}listen: \['localhost:5000'\]$/m);
});

test('the unit starts what the page installs, with the configuration that the page writes', async (t) => {
  const [text, page] = [await readFile(unit, 'utf8'), await readPage('installing.md')];
  const [, program = '', file = ''] = /^ExecStart=(\S+) serve --config (\S+)$/m.exec(text) ?? [];
  t.true(page.includes(`tee ${program} `), program);
  t.true(page.includes(`tee ${file} `), file);
  t.regex(page, /dataDir: \/var\/lib\/holdfast\n/);
  t.regex(text, /^StateDirectory=holdfast$/m);
});

test('the wrapper of the page hands its words on as they are, and becomes the program', async (t) => {
  const root = await temporaryDirectory(t);
  const [, wrapper = ''] =
    /EOF'\n(#!\/bin\/sh\n.*?)\nEOF/s.exec(
      blockWith(await readPage('installing.md'), 'sh', '#!/bin/sh'),
    ) ?? [];
  await mkdir(join(root, 'node_modules/.bin'), {recursive: true});
  const node = join(root, 'node_modules/.bin/node');
  await writeFile(node, '#!/bin/sh\necho $$\nfor word; do echo "<$word>"; done\n', {mode: 0o755});
  const file = join(root, 'holdfast');
  await writeFile(file, wrapper.replaceAll('/opt/holdfast', root));
  await chmod(file, 0o755);
  const {stdout} = await run('/bin/sh', ['-c', `echo $$; exec '${file}' user create 'a b' '*'`]);
  const [shell, program, ...words] = stdout.trim().split('\n');
  t.is(program, shell);
  t.deepEqual(words, [`<${root}/bin/holdfast.js>`, '<user>', '<create>', '<a b>', '<*>']);
});
