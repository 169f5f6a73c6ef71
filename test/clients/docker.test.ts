import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {startDockerd, trustForDocker} from '../support/dockerd.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {rootFilesystem, type RootFilesystem} from '../support/images.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {ask, type Registry} from '../support/registry.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

const programs = ['docker', 'dockerd', 'containerd', 'runc', 'ip', 'busybox', 'tar'] as const;

testWith(
  programs,
  'an image pushed by docker is pulled by docker, by tag and by digest, and runs',
  async (t) => {
    const {bench, docker, registry} = await setUp(t);
    const origin = await rootFilesystem(bench);
    const name = `${registry.host}/docker/app:v1`;
    await importImage(bench, docker, origin, name);

    const pushed = await docker('push', name);
    const digest = /digest: (?<digest>sha256:[0-9a-f]{64})/.exec(pushed)?.groups?.['digest'] ?? '';
    for (const reference of [name, name.replace(':v1', `@${digest}`)]) {
      await docker('system', 'prune', '--all', '--force');
      t.is(await docker('images', '--quiet'), '');
      await docker('pull', reference);
      t.is(await greetingOf(docker, reference), origin.greeting.trim());
    }
  },
);

testWith(programs, 'docker refuses a CA that it was not given', async (t) => {
  const {bench, docker, registry} = await setUp(t, {trusted: false});
  const name = `${registry.host}/docker/app:v1`;
  await importImage(bench, docker, await rootFilesystem(bench), name);

  await bench.refuses(docker('push', name), /x509: certificate signed by unknown authority/);
  await bench.refuses(docker('pull', name), /x509: certificate signed by unknown authority/);
});

testWith(
  programs,
  'docker builds on a pulled image, and pushes only the layer that is new',
  async (t) => {
    const {bench, docker, registry} = await setUp(t);
    const base = `${registry.host}/docker/base:v1`;
    await importImage(bench, docker, await rootFilesystem(bench), base);
    await docker('push', base);
    await docker('system', 'prune', '--all', '--force');

    const app = `${registry.host}/docker/app`;
    const context = bench.path('context');
    await mkdir(context);
    await writeFile(join(context, 'greeting'), 'built on top\n');
    await writeFile(join(context, 'Dockerfile'), `FROM ${base}\nCOPY greeting /etc/greeting\n`);
    await docker('build', '--tag', `${app}:v1`, '--tag', `${app}:v2`, context);
    const pushed = await docker('push', '--all-tags', app);

    t.regex(pushed, /Mounted from docker\/base/);
    await docker('system', 'prune', '--all', '--force');
    await docker('pull', '--all-tags', app);
    t.is(await greetingOf(docker, `${app}:v2`), 'built on top');
  },
);

testWith(
  programs,
  'docker makes an index of two images, pushes it and inspects it in the registry',
  async (t) => {
    const {bench, docker, registry} = await setUp(t);
    const repository = `${registry.host}/docker/index`;
    const origins = new Map<string, RootFilesystem>();
    for (const architecture of ['amd64', 'arm64']) {
      const image = `${repository}:${architecture}`;
      const origin = await rootFilesystem(bench, architecture);
      origins.set(architecture, origin);
      await importImage(bench, docker, origin, image);
      await docker('push', image);
    }

    const index = `${repository}:v1`;
    await docker('manifest', 'create', index, `${repository}:amd64`, `${repository}:arm64`);
    await docker('manifest', 'annotate', index, `${repository}:arm64`, '--arch', 'arm64');
    await docker('manifest', 'push', '--purge', index);

    t.like(JSON.parse(await docker('manifest', 'inspect', index)), {
      mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json',
      manifests: [{platform: {architecture: 'amd64'}}, {platform: {architecture: 'arm64'}}],
    });
    for (const [architecture, origin] of origins) {
      await docker('system', 'prune', '--all', '--force');
      await docker('pull', '--platform', `linux/${architecture}`, index);
      t.is(await greetingOf(docker, index), origin.greeting.trim());
    }
  },
);

testWith(programs, 'docker is told that a deleted image is unknown', async (t) => {
  const {bench, docker, registry} = await setUp(t);
  const name = `${registry.host}/docker/app:v1`;
  await importImage(bench, docker, await rootFilesystem(bench), name);
  const pushed = await docker('push', name);
  const digest = /digest: (?<digest>sha256:\w+)/.exec(pushed)?.groups?.['digest'] ?? '';

  const deleted = await ask(registry, `/v2/docker/app/manifests/${digest}`, {method: 'DELETE'});

  t.is(deleted.status, 202);
  await docker('system', 'prune', '--all', '--force');
  await bench.refuses(docker('pull', name), /manifest unknown/);
});

async function setUp(
  t: ExecutionContext,
  {trusted = true} = {},
): Promise<{bench: Workbench; docker: Client; registry: Registry}> {
  const bench = await workbench(t);
  const network = await networkNamespace(t);
  const registry = await startHoldfast(t, {address: network.hostAddress});
  if (trusted) await trustForDocker(t, registry);
  return {bench, docker: await startDockerd(t, bench, network), registry};
}

async function importImage(
  bench: Workbench,
  docker: Client,
  origin: RootFilesystem,
  name: string,
): Promise<void> {
  const archive = `${origin.directory}.tar`;
  await bench.client('tar')('-c', '-f', archive, '-C', origin.directory, '.');
  await docker('import', '--change', 'CMD ["/bin/busybox"]', archive, name);
}

async function greetingOf(docker: Client, image: string): Promise<string> {
  const run = ['run', '--rm', '--network', 'none', image];
  return docker(...run, '/bin/busybox', 'cat', '/etc/greeting');
}
