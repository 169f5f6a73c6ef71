import {mkdir, writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {startHoldfast} from '../support/holdfast.ts';
import {rootFilesystem, sameContent, type RootFilesystem} from '../support/images.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Workbench} from '../support/workbench.ts';

testWith(
  ['podman', 'crun', 'busybox'],
  'an image built by podman is pulled again, by tag and by digest',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    const origin = await rootFilesystem(bench);
    const name = `${registry.host}/podman/app:v1`;
    const trust = ['--cert-dir', registry.certDir];
    await build(bench, origin, name);

    await bench.podman('push', ...trust, '--digestfile', bench.path('digest'), name);
    const digest = await bench.client('cat')('digest');
    for (const reference of [name, name.replace(':v1', `@${digest}`)]) {
      await bench.podman('rmi', '--all', '--force');
      await bench.podman('pull', ...trust, reference);
      t.is(await bench.podman('inspect', '--format', '{{.Digest}}', reference), digest);
      await assertContent(t, bench, reference, origin);
    }
  },
);

testWith(['podman', 'crun', 'busybox'], 'podman refuses a CA that it was not given', async (t) => {
  const bench = await workbench(t);
  const registry = await startHoldfast(t);
  const name = `${registry.host}/podman/app:v1`;
  await build(bench, await rootFilesystem(bench), name);

  await bench.refuses(bench.podman('push', name), /x509: certificate signed by/);
  await bench.refuses(bench.podman('pull', name), /x509: certificate signed by/);
});

testWith(
  ['podman', 'crun', 'busybox'],
  'podman pushes an index and reads it back from the registry',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    const origin = await rootFilesystem(bench);
    const trust = ['--cert-dir', registry.certDir];
    await build(bench, origin, 'localhost/app:v1');
    await bench.podman('manifest', 'create', 'localhost/index:v1');
    const image = 'containers-storage:localhost/app:v1';
    await bench.podman('manifest', 'add', 'localhost/index:v1', image);
    const index = `${registry.host}/podman/index:v1`;

    const to = ['localhost/index:v1', `docker://${index}`];
    await bench.podman('manifest', 'push', '--all', ...trust, ...to);
    await bench.podman('rmi', '--all', '--force');
    await bench.podman('pull', ...trust, index);

    await assertContent(t, bench, index, origin);
  },
);

async function build(bench: Workbench, origin: RootFilesystem, name: string): Promise<void> {
  const containerfile = bench.path('Containerfile');
  await writeFile(containerfile, 'FROM scratch\nCOPY . /\nENTRYPOINT ["/bin/busybox"]\n');
  const build = ['build', '--isolation', 'chroot', '--file', containerfile, '--tag', name];
  await bench.podman(...build, origin.directory);
}

async function assertContent(
  t: ExecutionContext,
  bench: Workbench,
  reference: string,
  origin: RootFilesystem,
): Promise<void> {
  const container = await bench.podman('create', reference);
  const directory = bench.path(`exported-${container}`);
  await mkdir(directory);
  await bench.podman('export', '--output', `${directory}.tar`, container);
  await bench.client('tar')('-x', '-f', `${directory}.tar`, '-C', directory);
  t.true(await sameContent(directory, origin), reference);
}
