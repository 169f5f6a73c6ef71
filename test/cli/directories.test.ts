import {execFile} from 'node:child_process';
import {chmod, chown, mkdir, readdir, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {holdfast, nobody, openDirectory} from './holdfast.ts';

const shell = promisify(execFile);
type Implementation = Parameters<typeof testUnless>[2];

/** Another owner takes root to make; as root no mode stops this process, hence nobody runs it. */
const foreign = (title: string, implementation: Implementation): void => {
  testUnless(unlessRoot, title, implementation);
};

const remedyIn = (stderr: string): string => /mend it with: (.*)/.exec(stderr)?.[1] ?? 'false';

/** Runs the command that was told, as root, who needs no sudo. */
const obey = async (stderr: string): Promise<void> => {
  await shell('sh', ['-c', remedyIn(stderr).replaceAll('sudo ', '')]);
};

foreign(
  'an existing tree of another owner is told, and the command that is told mends it',
  async (t) => {
    const cwd = await openDirectory(t);
    const registry = join(cwd, "it's data/registry");
    const blobs = join(registry, 'docker/registry/v2/blobs/sha256/aa');
    await mkdir(blobs, {recursive: true});
    await chown(join(cwd, "it's data"), nobody, nobody);
    const args = ['config', 'check', '--data-dir', "it's data"];
    const before = await holdfast(args, {cwd, nobody: true});
    t.is(before.code, 2);
    t.true(
      before.stderr.includes(
        `${registry}: can't be written by uid 65534 (EACCES): it belongs to 0:0 with mode 0755\n`,
      ),
    );
    t.is(
      remedyIn(before.stderr),
      `sudo chown -R 65534:65534 '${registry.replace("'", String.raw`'\''`)}'`,
    );
    await obey(before.stderr);
    t.like(await holdfast(args, {cwd, nobody: true}), {code: 0, stdout: 'ok\n', stderr: ''});
  },
);

for (const below of ['blobs', 'repositories/library/alpine/_manifests', 'blobs/sha256/aa/aabb']) {
  foreign(`a foreign ${below} deep in a sound tree is found`, async (t) => {
    const cwd = await openDirectory(t);
    const registry = join(cwd, 'data/registry');
    const path = join(registry, 'docker/registry/v2', below);
    await mkdir(path, {recursive: true});
    await shell('chown', ['-R', `${nobody}:${nobody}`, join(cwd, 'data')]);
    await chown(path, 0, 0);
    const {code, stderr} = await holdfast(['config', 'check'], {cwd, nobody: true});
    t.is(code, 2);
    t.true(stderr.includes(`${path}: can't be written`));
    t.is(remedyIn(stderr), `sudo chown -R 65534:65534 ${registry}`);
  });
}

foreign(
  'a database of another owner is told before the start, unless a server has it',
  async (t) => {
    const cwd = await openDirectory(t);
    const database = join(cwd, 'data/database');
    await mkdir(database, {recursive: true});
    await chown(join(cwd, 'data'), nobody, nobody);
    const check = async (env: Readonly<Record<string, string>> = {}) =>
      holdfast(['config', 'check'], {cwd, env, nobody: true});
    const {code, stderr} = await check();
    t.is(code, 2);
    t.true(stderr.includes(`${database}: can't be written by uid 65534 (EACCES)`));
    t.is((await check({HOLDFAST_METADATA_URL: 'mysql://a@127.0.0.1/b'})).code, 0);
    await obey(stderr);
    t.is((await check()).code, 0);
  },
);

foreign('a blob that this process may not read is told', async (t) => {
  const cwd = await openDirectory(t);
  const blob = join(cwd, 'data/registry/docker/registry/v2/blobs/sha256/aa/aabb');
  await mkdir(blob, {recursive: true});
  await writeFile(join(blob, 'data'), '', {mode: 0o600});
  await shell('sh', ['-c', `find data -type d -exec chown ${nobody} {} +`], {cwd});
  const {code, stderr} = await holdfast(['config', 'check'], {cwd, nobody: true});
  t.is(code, 2);
  t.true(stderr.includes(`${blob}/data: can't be read by uid 65534 (EACCES)`));
  await obey(stderr);
  t.is((await holdfast(['config', 'check'], {cwd, nobody: true})).code, 0);
});

foreign('an own tree without the right mode is mended with chmod', async (t) => {
  const cwd = await openDirectory(t);
  const data = join(cwd, 'data');
  await mkdir(data);
  await chown(data, nobody, nobody);
  await chmod(data, 0o500);
  const {code, stderr} = await holdfast(['serve'], {cwd, nobody: true});
  t.is(code, 2);
  t.is(remedyIn(stderr), `chmod -R u+rwX ${data}`);
  t.deepEqual(await readdir(data), []);
});

foreign('a foreign tree without the right mode is mended with chown and chmod', async (t) => {
  const cwd = await openDirectory(t);
  await mkdir(join(cwd, 'data'), {mode: 0o500});
  const {stderr} = await holdfast(['config', 'check'], {cwd, nobody: true});
  t.regex(remedyIn(stderr), /^sudo chown -R .* && sudo chmod -R u\+rwX /);
  await obey(stderr);
  t.is((await holdfast(['config', 'check'], {cwd, nobody: true})).code, 0);
});

foreign("what is another user's is given away by no command that is told", async (t) => {
  const cwd = await openDirectory(t);
  const data = join(cwd, 'data');
  await mkdir(join(data, 'registry'), {recursive: true});
  await shell('chown', ['-R', '1234:5678', data]);
  const asOwner = "run holdfast as that user, with: sudo -u '#1234' -g '#5678' holdfast";
  const root = await holdfast(['config', 'check'], {cwd});
  t.is(root.code, 0);
  t.true(root.stderr.includes(asOwner), root.stderr);
  const other = await holdfast(['config', 'check'], {cwd, nobody: true});
  t.is(other.code, 2);
  t.true(other.stderr.includes(`${data}: can't be written by uid 65534 (EACCES)`), other.stderr);
  t.true(other.stderr.includes(asOwner), other.stderr);
  t.notRegex(root.stderr + other.stderr, /chown|mend it with/);
});

foreign(
  'a data directory that cannot be made is told, and the command that is told makes it',
  async (t) => {
    const cwd = await openDirectory(t);
    const {code, stderr} = await holdfast(['config', 'check'], {cwd, nobody: true});
    t.is(code, 2);
    t.is(remedyIn(stderr), `sudo install -d -o 65534 -g 65534 ${cwd}/data`);
    await obey(stderr);
    t.is((await stat(join(cwd, 'data'))).uid, nobody);
    t.is((await holdfast(['config', 'check'], {cwd, nobody: true})).code, 0);
  },
);

foreign('a directory on the way that cannot be entered is the one that is told', async (t) => {
  const cwd = await openDirectory(t);
  await mkdir(join(cwd, 'shut/below/data'), {recursive: true});
  await chown(join(cwd, 'shut/below/data'), nobody, nobody);
  await chmod(join(cwd, 'shut'), 0o700);
  const args = ['config', 'check', '--data-dir', 'shut/below/data'];
  const {code, stderr} = await holdfast(args, {cwd, nobody: true});
  t.is(code, 2);
  t.is(remedyIn(stderr), `sudo chmod a+x ${cwd}/shut`);
  await obey(stderr);
  t.is((await holdfast(args, {cwd, nobody: true})).code, 0);
});

foreign('a configuration file that may not be read is a fault, and not passed over', async (t) => {
  const cwd = await openDirectory(t);
  await writeFile(join(cwd, 'holdfast.yaml'), '', {mode: 0o600});
  const {code, stderr} = await holdfast(['config', 'print'], {cwd, nobody: true});
  t.is(code, 2);
  t.regex(stderr, /holdfast\.yaml: cannot be read \(EACCES\)/);
});
