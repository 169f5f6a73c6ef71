import type {ExecutionContext} from 'ava';
import {startHoldfast} from '../support/holdfast.ts';
import {rootFilesystem, type RootFilesystem} from '../support/images.ts';
import type {Registry} from '../support/registry.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

const programs = ['crane', 'busybox', 'tar'] as const;

testWith(programs, 'what crane pushed is valid and holds the files that went in', async (t) => {
  const {bench, crane, origin, repository} = await setUp(t);

  await crane('append', '--new_layer', 'layer.tar', '--new_tag', `${repository}:v1`);

  t.regex(await crane('validate', '--remote', `${repository}:v1`), /^PASS/);
  await crane('export', `${repository}:v1`, 'exported.tar');
  const greeting = await bench.client('tar')('-x', '-O', '-f', 'exported.tar', 'etc/greeting');
  t.is(greeting, origin.greeting.trim());
});

testWith(programs, 'crane refuses a CA that it was not given', async (t) => {
  const {bench, registry} = await setUp(t);
  const trustless = bench.client('crane');

  await bench.refuses(trustless('catalog', registry.host), /x509: certificate signed by unknown/);
});

testWith(programs, 'crane pulls an OCI layout and pushes it with the same digest', async (t) => {
  const {crane, repository} = await setUp(t);
  await crane('append', '--new_layer', 'layer.tar', '--new_tag', `${repository}:v1`);

  await crane('pull', '--format', 'oci', `${repository}:v1`, 'layout');
  await crane('push', 'layout', `${repository}/again:v1`);

  t.is(await crane('digest', `${repository}/again:v1`), await crane('digest', `${repository}:v1`));
});

testWith(
  programs,
  'crane lists repositories and tags, and a tag that it deleted no more',
  async (t) => {
    const {crane, registry, repository} = await setUp(t);
    await crane('append', '--new_layer', 'layer.tar', '--new_tag', `${repository}:v1`);
    await crane('tag', `${repository}:v1`, 'v2');
    await crane('copy', `${repository}:v1`, `${registry.host}/another/place:v1`);

    t.is(await crane('catalog', registry.host), 'another/place\ncrane/app');
    t.is(await crane('ls', repository), 'v1\nv2');
    await crane('delete', `${repository}:v2`);
    t.is(await crane('ls', repository), 'v1');
  },
);

testWith(programs, 'crane copies an index with all that it names', async (t) => {
  const {crane, registry, repository} = await setUp(t);
  const index = `${repository}:index`;
  await crane('append', '--new_layer', 'layer.tar', '--new_tag', `${repository}:amd64`);
  await crane(
    'mutate',
    '--set-platform',
    'linux/arm64',
    `${repository}:amd64`,
    '--tag',
    `${repository}:arm64`,
  );
  const parts = ['--manifest', `${repository}:amd64`, '--manifest', `${repository}:arm64`];
  await crane('index', 'append', ...parts, '--tag', index);

  const copy = `${registry.host}/copied/index:v1`;
  await crane('copy', index, copy);

  t.is(await crane('digest', copy), await crane('digest', index));
  t.regex(await crane('validate', '--remote', copy), /^PASS/);
  t.is(
    await crane('digest', '--platform', 'linux/arm64', copy),
    await crane('digest', `${repository}:arm64`),
  );
});

async function setUp(t: ExecutionContext): Promise<{
  bench: Workbench;
  crane: Client;
  registry: Registry;
  origin: RootFilesystem;
  repository: string;
}> {
  const bench = await workbench(t);
  const registry = await startHoldfast(t);
  const origin = await rootFilesystem(bench);
  await bench.client('tar')('-c', '-f', 'layer.tar', '-C', origin.directory, '.');
  const crane = bench.client('crane', [], {SSL_CERT_FILE: registry.caFile});
  return {bench, crane, registry, origin, repository: `${registry.host}/crane/app`};
}
