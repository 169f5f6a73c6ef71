import {mkdir} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {hostsDirectory, startContainerd} from '../support/containerd.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {rootFilesystem, sameContent, umociImage, type RootFilesystem} from '../support/images.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import type {Registry} from '../support/registry.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

const programs = ['containerd', 'ctr', 'skopeo', 'umoci', 'busybox', 'ip'] as const;

testWith(programs, 'what ctr pushed is pulled by ctr, by tag and by digest', async (t) => {
  const {bench, ctr, registry, origin, name} = await setUp(t);
  const hosts = ['--hosts-dir', await hostsDirectory(bench, registry)];

  await ctr('images', 'push', ...hosts, name);
  const digest = await digestIn(ctr, name);
  await ctr('images', 'rm', '--sync', name);
  for (const reference of [name, name.replace(':v1', `@${digest}`)]) {
    await ctr('images', 'pull', ...hosts, reference);
    t.is(await digestIn(ctr, reference), digest);
    const directory = bench.path(digest.slice(-8) + String(reference === name));
    await mkdir(directory);
    await ctr('images', 'mount', reference, directory);
    t.true(await sameContent(directory, origin));
    await ctr('images', 'unmount', '--rm', directory);
    await ctr('images', 'rm', '--sync', reference);
  }
});

testWith(programs, 'ctr refuses a CA that hosts.toml does not name', async (t) => {
  const {bench, ctr, registry, name} = await setUp(t);
  const hosts = ['--hosts-dir', await hostsDirectory(bench, registry, {trusted: false})];

  await bench.refuses(ctr('images', 'push', ...hosts, name), /x509: certificate signed by/);
  await bench.refuses(ctr('images', 'pull', ...hosts, name), /x509: certificate signed by/);
});

async function setUp(t: ExecutionContext): Promise<{
  bench: Workbench;
  ctr: Client;
  registry: Registry;
  origin: RootFilesystem;
  name: string;
}> {
  const bench = await workbench(t);
  const {hostAddress} = await networkNamespace(t);
  const registry = await startHoldfast(t, {address: hostAddress});
  const origin = await rootFilesystem(bench);
  const name = `${registry.host}/containerd/app:v1`;
  await umociImage(bench, origin, 'made');
  await bench.skopeo('copy', 'oci:made:v1', `oci-archive:made.tar:${name}`);
  const ctr = await startContainerd(t, bench);
  await ctr('images', 'import', bench.path('made.tar'));
  return {bench, ctr, registry, origin, name};
}

async function digestIn(ctr: Client, reference: string): Promise<string> {
  const listed = await ctr('images', 'ls', `name==${reference}`);
  return /sha256:[0-9a-f]{64}(?= )/.exec(listed.split('\n')[1] ?? '')?.[0] ?? '';
}
