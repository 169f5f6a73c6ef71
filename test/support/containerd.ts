import {copyFile, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Lifetime} from './lifetime.ts';
import type {Registry} from './registry.ts';
import {startService} from './service.ts';
import type {Client, Workbench} from './workbench.ts';

/** Starts containerd, and answers with the `ctr` that speaks to it. */
export async function startContainerd(life: Lifetime, bench: Workbench): Promise<Client> {
  const socket = bench.path('containerd.sock');
  const config = bench.path('containerd.toml');
  await writeFile(
    config,
    `version = 2
root = ${JSON.stringify(bench.path('containerd'))}
state = ${JSON.stringify(bench.path('run/containerd'))}
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = ${JSON.stringify(socket)}
`,
  );
  await startService(life, 'containerd', ['--config', config], {ready: /successfully booted/});
  return bench.client('ctr', ['--address', socket]);
}

/** A directory for `--hosts-dir` in which the registry is known, with its CA unless told otherwise. */
export async function hostsDirectory(
  bench: Workbench,
  registry: Registry,
  {trusted = true} = {},
): Promise<string> {
  const directory = bench.path(trusted ? 'hosts' : 'hosts-untrusted');
  const host = join(directory, registry.host);
  await mkdir(host, {recursive: true});
  await copyFile(registry.caFile, join(host, 'ca.crt'));
  const trust = trusted ? `ca = ${JSON.stringify(join(host, 'ca.crt'))}\n` : '';
  const capabilities = 'capabilities = ["pull", "resolve", "push"]';
  await writeFile(
    join(host, 'hosts.toml'),
    `server = "${registry.url}"\n[host."${registry.url}"]\n${capabilities}\n${trust}`,
  );
  return directory;
}
